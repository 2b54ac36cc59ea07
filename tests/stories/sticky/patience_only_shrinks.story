# The patience runs from the first moment of holding out. Being asked again, or moved
# ahead, does not renew it.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  20.0s  c2 changes to priority 5
          -> c2 waits at 1 (for alice, 10.0s more)
  30.0s  time passes
          -> c2 waits at 1 (other wait_spent)
  31.0s  c2 changes to priority 6
          -> c2 waits at 1 (other wait_spent)
