# The colleague talks on. A transferred caller waits for them no longer than others
# wait for their own agent.
queue sales wait_busy 30s
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
  50.0s  time passes
          -> ring alice for c1 (offer 2)
