# The own agent's telephone may ring longer than anybody else's: the caller would rather have
# this one.
queue sales ring 10s, ring_own 25s
rules ring_grace 5s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
= c1 is offered rings until 27.0s
  32.0s  time passes
          -> stop ringing alice for c1 (missed)
          -> ring bob for c1 (offer 2, other excluded)
= c1 is offered rings until 42.0s
