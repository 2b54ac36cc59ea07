# At a price: the own agent has just begun to talk, and nobody knows for how long. A
# reunion that is worth a minute is not worth that, so whoever is idle takes the caller.
queue sales policy rate, value 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
