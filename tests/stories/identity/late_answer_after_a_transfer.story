# The store answers when the caller has talked with somebody and is on the way to
# another: how they fared was settled by the first answer. Found by the simulator.
queue sales
queue support
   0.0s  alice logs in to sales and is ready
   0.0s  bob logs in to support and is ready
   0.0s  the store is silent
   0.0s  c1 (known to bob) arrives in sales
  0.05s  time passes
          -> ring alice for c1 (offer 1, new lookup_late)
   1.0s  c1 is answered
  30.0s  c1 is transferred to queue support
          -> ring bob for c1 (offer 2, new lookup_late)
  31.0s  the store answers c1
= c1 is offered sticky new why lookup_late
  32.0s  c1 is answered
