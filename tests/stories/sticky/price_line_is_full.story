# At a price: each one who is ahead in the own agent's line halves the chance, and when the
# line is full it is not tried at all.
queue sales policy rate, value 20m, line_max 1
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  11.0s  c3 (known to alice) arrives in sales
          -> ring bob for c3 (offer 1, other line_full)
