# A caller who holds out and is moved to a queue without stickiness is there for
# whoever is free.
queue sales wait_busy 60s
queue support not sticky
   0.0s  alice logs in to sales, support and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales, support and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  15.0s  c2 changes to queue support
          -> ring bob for c2 (offer 1, new off)
