# A caller who hangs up while holding out is an abandon like any other, and frees the
# place in the agent's line.
queue sales wait_busy 60s, line_max 1
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  20.0s  c2 hangs up
          -> c2 ends: abandoned, waited 17.0s
= sales: holding 0
  21.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (for alice, 60.0s more)
