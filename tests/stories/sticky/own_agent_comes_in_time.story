# Shift change: who comes while the caller holds out could be reached, whatever came of it;
# who comes when patience is over could not.
queue sales wait_away 10s, wait_paused 60s, wrapup 1s
   0.0s  alice logs in to sales and is ready
   1.0s  alice logs out
   2.0s  bob logs in to sales and is ready
   3.0s  c1 (known to alice) arrives in sales
          -> c1 waits at 1 (for alice, 10.0s more)
   5.0s  alice logs in to sales
= c1 is waiting for alice
  13.0s  time passes
          -> ring bob for c1 (offer 1, other paused, held out 10.0s)
  14.0s  c1 is answered
  15.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 11.0s, talked 1.0s, extra wait 10.0s
= sales: sticky other 1, reachable 1
  66.0s  alice logs out
  67.0s  bob is ready
  68.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 10.0s more)
  78.0s  time passes
          -> ring bob for c2 (offer 1, other logged_out, held out 10.0s)
  79.0s  alice logs in to sales and is ready
  80.0s  c2 is answered
  81.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 12.0s, talked 1.0s, extra wait 10.0s
= sales: sticky other 2, reachable 1
