# Holding out for the own agent has one end, restart or not.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  25.0s  the daemon restarts
= c2 is waiting for alice until 30.0s
  30.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 20.0s)
