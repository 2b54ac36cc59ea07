# At a price: however much a reunion is worth, the extra wait has an end, and then whoever
# is idle takes the caller.
queue sales policy rate, value 20m, wait_idle 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 30.0s more)
  39.9s  time passes
= c2 is waiting
  40.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 30.0s)
