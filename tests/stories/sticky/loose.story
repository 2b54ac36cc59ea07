# Loose: the own agent only if ready at that very moment, and no going first.
queue sales policy loose
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  c2 arrives in sales
          -> c2 waits at 1
   6.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (other busy)
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
          -> ring alice for c2 (offer 1)
  31.0s  c2 is answered
  40.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 26.0s, talked 9.0s
          -> ring alice for c3 (offer 1, own)
  41.0s  c3 is answered
