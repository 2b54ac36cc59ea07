# In a queue that is not sticky nobody is brought to anybody in particular, and
# nobody waits for it.
queue sales not sticky
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to bob) arrives in sales
          -> ring alice for c1 (offer 1, new off)
