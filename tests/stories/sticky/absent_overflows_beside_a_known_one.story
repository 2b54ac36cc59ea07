# Sent elsewhere means elsewhere: also when it happens that an earlier agent of the caller is free,
# who is nobody's own.
queue sales policy strict, absent_overflows, overflows
   0.0s  alice logs in to sales
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to alice, bob) arrives in sales
          -> overflow c1 (own_away, other paused)
          -> c1 ends: overflow, waited 0.0s
   3.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
