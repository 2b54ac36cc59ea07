# The caller agrees to go on in English: what they need changes while they wait.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales needs french 1
          -> c1 waits at 1
   9.0s  c1 changes to needs nothing
          -> ring alice for c1 (offer 1)
