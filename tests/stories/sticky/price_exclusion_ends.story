# At a price: the end of an exclusion falls together with a review. Both happen, and what
# changed is saved.
rules exclude_for 10s
queue sales policy rate, value 60s, wrapup 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
  12.0s  carol logs in to sales and is ready
  13.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 11.0s
  20.0s  c2 is not answered
          -> c2 waits at 1 (for alice, 60.0s more)
  43.0s  time passes
          -> ring alice for c2 (offer 2, own, held out 23.0s)
