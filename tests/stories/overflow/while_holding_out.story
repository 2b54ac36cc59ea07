# Holding out for the own agent does not lengthen the longest wait.
queue sales wait_max 30s, wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  35.0s  time passes
          -> overflow c2 (max_wait, other)
          -> c2 ends: overflow, waited 30.0s
