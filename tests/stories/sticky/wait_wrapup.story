# Who wraps up is waited for by a patience of its own, and no longer than the wrap-up lasts:
# here it would be 30s, but alice has 20s left, then 5s.
queue sales wrapup 25s, wait_busy 0, wait_wrapup 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
   5.0s  c2 is answered
  22.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 17.0s, remembered for bob
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
  35.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (for alice, 20.0s more)
  50.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 2 (for alice, 5.0s more)
  55.0s  time passes
          -> ring alice for c3 (offer 1, own, held out 20.0s)
          -> ring bob for c4 (offer 1, other wait_spent, held out 5.0s)
