# The store says it cannot tell: the caller is routed at once, as unknown.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  the store is silent
   2.0s  c1 (known to alice) arrives in sales
  2.01s  the store fails for c1
          -> ring alice for c1 (offer 1, new lookup_late)
