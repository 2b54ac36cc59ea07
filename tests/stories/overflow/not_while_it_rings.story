# The limit passes while a telephone rings: the ringing is given its chance. Only
# when it fails does the caller overflow, and then at once.
queue sales wait_max 60s, ring 20s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
  50.0s  alice logs in to sales and is ready
          -> ring alice for c1 (offer 1)
  65.0s  time passes
  66.0s  c1 is not answered
          -> overflow c1 (max_wait)
          -> c1 ends: overflow, waited 66.0s
