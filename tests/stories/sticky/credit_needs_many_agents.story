# At a price: a credit without limit is for large teams. Where fewer than ten are at work, an
# own caller counts as two minutes older, no more; c2 has waited 150s longer than c4.
queue sales policy rate, value 60s, credit never
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 arrives in sales
          -> c2 waits at 1
 160.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 2 (other busy)
 170.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 168.0s, remembered for alice
          -> ring alice for c2 (offer 1)
