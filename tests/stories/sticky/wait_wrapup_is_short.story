# Where the patience is shorter than the wrap-up, it ends first, and whoever is free takes the
# caller. No patience: no waiting.
queue sales wrapup 25s, wait_wrapup 5s
queue support wrapup 25s, wait_wrapup 0
   0.0s  alice logs in to sales, support and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales, support and is ready
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
  35.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 5.0s more)
  40.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 5.0s)
  41.0s  c2 is answered
  42.0s  carol logs in to support and is ready
  43.0s  c3 (known to alice) arrives in support
          -> ring carol for c3 (offer 1, other busy)
