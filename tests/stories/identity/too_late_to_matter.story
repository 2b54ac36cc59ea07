# The answer of the store comes when the telephone rings already: nothing is torn
# out of anybody's hands.
queue sales
rules recall_max 50ms
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  the store is silent
   3.0s  c1 (known to bob) arrives in sales
  3.05s  time passes
          -> ring alice for c1 (offer 1, new lookup_late)
   4.0s  the store answers c1
= alice is offered
= bob is ready
   5.0s  c1 is answered
