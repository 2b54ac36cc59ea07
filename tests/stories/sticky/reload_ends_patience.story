# Strict was too strict: the site goes over to a fixed wait, and those who held out without end
# are not forgotten in it.
queue sales policy strict
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice)
  11.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (for alice)
  25.0s  queue sales wait_busy 20s
  30.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 20.0s)
   31.0s  time passes
          -> c3 waits at 1 (other wait_spent)
  31.0s  c2 is answered
