# At a price: the own agent wraps up and will be free in seconds, so the caller holds out
# although somebody else is idle.
queue sales policy rate, value 60s, wrapup 10s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
  32.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  40.0s  time passes
          -> ring alice for c2 (offer 1, own, held out 8.0s)
