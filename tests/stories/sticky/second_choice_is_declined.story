# At a price: the last agent wraps up and is free in seconds. That is worth waiting for, even with
# the earlier one free, whom somebody else takes then.
queue sales policy rate, value 10m, wrapup 10s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  60.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 58.0s, remembered for alice
  61.0s  bob logs in to sales
  62.0s  c2 (known to alice, bob) arrives in sales
          -> c2 waits at 1 (other busy)
  63.0s  c3 arrives in sales
          -> c3 waits at 2
  64.0s  bob is ready
          -> c2 waits at 1 (for alice, 60.0s more)
          -> ring bob for c3 (offer 1)
  70.0s  time passes
          -> ring alice for c2 (offer 1, own, held out 6.0s)
