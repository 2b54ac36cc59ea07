# At a price: c2 holds out for the last agent and the one before. When the earlier comes free, that
# one knows the case as well, nearly, and what is left to gain is not worth the wait.
queue sales policy rate, value 300s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  c3 arrives in sales
          -> ring bob for c3 (offer 1)
   5.0s  c3 is answered
   6.0s  carol logs in to sales and is ready
  10.0s  c2 (known to alice, bob) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  40.0s  c3 hangs up
          -> c3 ends: answered by bob, waited 1.0s, talked 35.0s, remembered for bob
          -> ring bob for c2 (offer 1, known, held out 30.0s)
