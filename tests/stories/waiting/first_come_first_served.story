# Callers who wait are served in the order in which they came: the first promise
# of any queue. An agent who becomes ready takes the one who has waited longest.
queue sales
   0.0s  alice logs in to sales
   1.0s  c1 arrives in sales
          -> c1 waits at 1
   2.0s  c2 arrives in sales
          -> c2 waits at 2
   3.0s  c3 arrives in sales
          -> c3 waits at 3
  10.0s  alice is ready
          -> ring alice for c1 (offer 1)
= c2 is waiting at 1
  12.0s  c1 is answered
  60.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 11.0s, talked 48.0s, remembered for alice
          -> ring alice for c2 (offer 1)
