# Policy own_first: nobody waits for a busy agent, whoever is free takes the caller. But an
# agent who comes free takes a caller of theirs before those who have waited longer.
queue sales policy own_first
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
   5.0s  c2 is answered
   6.0s  c3 arrives in sales
          -> c3 waits at 1
   7.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 2 (other busy)
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 27.0s, remembered for alice
          -> ring alice for c4 (offer 1, own)
  31.0s  c4 is answered
  32.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 27.0s, remembered for bob
          -> ring bob for c3 (offer 1)
