# Stickiness never crosses a priority: the urgent caller is served before the own
# one.
queue sales
   0.0s  alice logs in to sales
   1.0s  c1 (known to alice) arrives in sales
          -> c1 waits at 1 (other paused)
   2.0s  c2 arrives in sales priority 1
          -> c2 waits at 1
   4.0s  alice is ready
          -> ring alice for c2 (offer 1)
