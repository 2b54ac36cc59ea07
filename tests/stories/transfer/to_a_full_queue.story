# A queue at its limit, or closed, takes no transferred callers either.
queue sales
queue support waiting_max 1
queue night closed
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 arrives in support
          -> c2 waits at 1
   4.0s  c1 is transferred to queue support
          -> refused: queue_full
   5.0s  c1 is transferred to queue night
          -> refused: queue_closed
= c1 is talking with alice
