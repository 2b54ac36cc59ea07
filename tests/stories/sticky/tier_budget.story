# At a price: a tier may have budgets of its own, here half a minute where others have one.
rules tier 1 wait_idle 30s
queue sales policy rate, value 20m
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  12.0s  c3 (known to alice) arrives in sales tier 1
          -> c3 waits at 2 (for alice, 30.0s more)
  42.0s  time passes
          -> ring bob for c3 (offer 1, other wait_spent, held out 30.0s)
