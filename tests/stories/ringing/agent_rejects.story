# An agent who presses "reject" is not asked again for this caller, but stays ready
# for the others.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is rejected
          -> c1 waits at 1
= alice for c1: excluded
= sales: misses rejected 1
   4.0s  c2 arrives in sales
          -> ring alice for c2 (offer 1)
   5.0s  bob logs in to sales and is ready
          -> ring bob for c1 (offer 2)
