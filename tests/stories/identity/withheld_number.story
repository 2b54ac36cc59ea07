# Who hides the number cannot be known again. The call is routed at once, without
# asking the store, and the reason is kept.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (withheld) arrives in sales
          -> ring alice for c1 (offer 1, new no_identity)
