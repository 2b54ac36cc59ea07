# At a price: an own caller goes ahead of others, but not of those who have waited more
# than the credit longer.
queue sales policy rate, credit 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  c2 arrives in sales
          -> c2 waits at 1
  20.0s  c3 arrives in sales
          -> c3 waits at 2
  26.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 3 (other busy)
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
          -> ring alice for c2 (offer 1)
  31.0s  c2 is answered
  32.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 26.0s, talked 1.0s
          -> ring alice for c4 (offer 1, own)
