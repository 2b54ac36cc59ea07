# At a price: while others took the declined agents, waiting was cheap. Now one would stay idle,
# and that it is not worth: the caller takes what is there, and it is said why.
queue sales policy rate, value 100s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (other busy)
  11.0s  c3 arrives in sales
          -> c3 waits at 2
  15.0s  bob logs in to sales and is ready
          -> c2 waits at 1 (for alice, 60.0s more)
          -> ring bob for c3 (offer 1)
  16.0s  c3 is answered
  17.0s  carol logs in to sales and is ready
          -> ring carol for c2 (offer 1, other busy, held out 2.0s)
