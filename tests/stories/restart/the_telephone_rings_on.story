# The telephone rings while the daemon is away. The offer keeps its number, so the
# answer still fits, and its end is where it would have been.
queue sales ring 20s
rules ring_grace 5s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  bob logs in to sales and is ready
   5.0s  the daemon restarts
= c1 is offered with alice offer 1
   6.0s  c1 fails: busy offer 1
          -> ring bob for c1 (offer 2)
   7.0s  the daemon restarts
  31.0s  time passes
          -> stop ringing bob for c1 (missed)
          -> c1 waits at 1
= alice for c1: excluded
