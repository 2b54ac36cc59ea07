# Policy off: who the caller met before is not even asked. In the next queue, where it is on,
# the same caller is brought to their own agent.
queue sales policy off
queue support policy loose
   0.0s  bob logs in to sales, support and is ready
   1.0s  alice logs in to sales, support and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring bob for c1 (offer 1, new off)
= sales: recalling 0
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in support
          -> ring alice for c2 (offer 1, own)
