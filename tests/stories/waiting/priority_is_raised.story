# A caller who turns out to be important while waiting moves ahead, and hears the
# new place.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> c2 waits at 2
   2.0s  c2 changes to priority 10
          -> c2 waits at 1
   3.0s  alice logs in to sales and is ready
          -> ring alice for c2 (offer 1)
