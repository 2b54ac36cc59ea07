# A closed queue takes no new callers; those who wait are still served.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   5.0s  queue sales closed
   6.0s  c2 arrives in sales
          -> reject c2 (closed)
          -> c2 ends: rejected, waited 0.0s
   7.0s  alice logs in to sales and is ready
          -> ring alice for c1 (offer 1)
   8.0s  queue sales
   9.0s  c3 arrives in sales
          -> c3 waits at 1
