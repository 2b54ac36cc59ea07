# A queue that is full turns the next caller away at once instead of letting them
# wait in vain; those who are served at once need no place.
queue sales waiting_max 1
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> reject c2 (queue_full)
          -> c2 ends: rejected, waited 0.0s
   2.0s  alice logs in to sales and is ready
          -> ring alice for c1 (offer 1)
   3.0s  c3 arrives in sales
          -> c3 waits at 1
= sales: arrived 3, rejected 1, ringing 1, waiting 1
