# Who was paused for misses returns when they would have; who was idle longest still
# is.
queue sales
rules busy 1, rona_return 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 fails: busy
          -> c1 waits at 1
   3.0s  bob logs in to sales and is ready
          -> ring bob for c1 (offer 2)
   4.0s  c1 hangs up
          -> stop ringing bob for c1
          -> c1 ends: short_abandoned, waited 3.0s
   5.0s  carol logs in to sales and is ready
   6.0s  the daemon restarts
= alice is paused because rona until 62.0s
   7.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
  32.0s  time passes
          -> stop ringing bob for c2 (missed)
          -> ring carol for c2 (offer 2)
  57.0s  time passes
          -> stop ringing carol for c2 (missed)
          -> c2 waits at 1
  62.0s  time passes
          -> ring alice for c2 (offer 3)
