# A caller who waits cannot be moved into a queue that is full or closed; they stay
# where they are, with their place.
queue sales
queue support waiting_max 1
queue night closed
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in support
          -> c2 waits at 1
   2.0s  c1 changes to queue support
          -> refused: queue_full
   3.0s  c1 changes to queue night
          -> refused: queue_closed
= c1 is waiting at 1 in sales
