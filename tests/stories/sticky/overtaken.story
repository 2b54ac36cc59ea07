# What reunions cost others: whose turn it was waits on, because the agent has an own caller.
queue sales wait_busy 20s, wrapup 0
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 arrives in sales
          -> c2 waits at 1
   4.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (for alice, 20.0s more)
  10.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 8.0s
          -> ring alice for c3 (offer 1, own, held out 6.0s)
= sales: overtaken 0
  11.0s  c3 is answered
  15.0s  c3 hangs up
          -> c3 ends: answered by alice, waited 7.0s, talked 4.0s
          -> ring alice for c2 (offer 1)
  16.0s  c2 is answered
  20.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 13.0s, talked 4.0s
= sales: overtaken 1, overtaken for 6s
