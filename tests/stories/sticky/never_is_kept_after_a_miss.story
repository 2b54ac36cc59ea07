# The store was slow, and bob is being rung for somebody who never wants him. He does not answer;
# an exclusion for a missed call ends, the other one does not.
rules exclude_for 10s, recall_max 50ms
queue sales
   0.0s  the store is silent
   0.5s  bob logs in to sales and is ready
   1.0s  c1 (never bob) arrives in sales
   1.05s time passes
          -> ring bob for c1 (offer 1, new lookup_late)
   2.0s  the store answers c1
   5.0s  c1 is not answered
          -> c1 waits at 1
  30.0s  time passes
= bob for c1: excluded
