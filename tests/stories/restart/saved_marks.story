# The service level has counted a caller who still waits. A restart must not count
# them again: the mark is saved with the call. Found by the watch.
queue sales service_level 20s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
  21.0s  time passes
= sales: service level 0 of 1
  22.0s  the daemon restarts
  60.0s  alice logs in to sales and is ready
          -> ring alice for c1 (offer 1)
  61.0s  c1 is answered
= sales: service level 0 of 0
