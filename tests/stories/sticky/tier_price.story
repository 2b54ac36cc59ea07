# At a price: a second of waiting may cost less for callers of one tier, who would rather meet
# their own agent.
rules tier 1 price_share 100
queue sales policy rate, value 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  carol logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
  11.0s  c2 is answered
  12.0s  c3 (known to alice) arrives in sales tier 1
          -> c3 waits at 1 (for alice, 60.0s more)
= c3 is waiting price 0.1s
