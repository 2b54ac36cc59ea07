# The colleague for whom the transferred caller waits goes on a break: now anybody of
# the queue will do.
queue sales wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is answered
   4.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   5.0s  c2 is answered
  20.0s  c1 is transferred to bob
          -> c1 waits at 1
= alice is ready
  25.0s  bob pauses
  30.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 25.0s, remembered for bob
          -> ring alice for c1 (offer 2)
