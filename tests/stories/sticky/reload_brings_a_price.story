# A site goes over from a fixed wait to a price while a caller holds out: the
# wait has a budget now, and an agent who would stay idle is not declined.
queue sales wait_busy 10m
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 600.0s more)
  25.0s  queue sales policy rate, value 100s
  26.0s  time passes
= c2 is waiting until 70.0s
  30.0s  bob logs in to sales and is ready
          -> ring bob for c2 (offer 1, other busy, held out 20.0s)
