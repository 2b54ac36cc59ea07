# Several regulars hold out for the same agent: among them it is priority and then
# arrival, as everywhere.
queue sales wait_busy 60s, line_max 3
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
   4.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (for alice, 60.0s more)
   5.0s  c4 (known to alice) arrives in sales priority 1
          -> c4 waits at 1 (for alice, 60.0s more)
  10.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 8.0s
          -> ring alice for c4 (offer 1, own, held out 5.0s)
  11.0s  c4 is answered
  12.0s  c4 hangs up
          -> c4 ends: answered by alice, waited 6.0s, talked 1.0s
          -> ring alice for c2 (offer 1, own, held out 9.0s)
