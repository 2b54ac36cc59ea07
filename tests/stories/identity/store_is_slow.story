# The store takes its time. After recall_max the caller is routed as unknown; while
# they still wait, a late answer corrects it.
queue sales wait_busy 20s
rules recall_max 50ms
   0.0s  alice logs in to sales and is ready
   1.0s  c0 arrives in sales
          -> ring alice for c0 (offer 1)
   2.0s  c0 is answered
   3.0s  the store is silent
   4.0s  c1 (known to alice) arrives in sales
= c1 is recalling
  4.05s  time passes
          -> c1 waits at 1 (new lookup_late)
   5.0s  the store answers c1
          -> c1 waits at 1 (for alice, 20.0s more)
