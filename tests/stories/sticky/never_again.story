# "Not this agent again" is kept, whoever is free: the caller rather waits, and returns to the
# one before.
queue sales
   0.0s  bob logs in to sales and is ready
   0.5s  alice logs in to sales
   1.0s  c1 (never bob) arrives in sales
          -> c1 waits at 1
= bob for c1: excluded
   2.0s  c2 (known to bob, alice, never bob) arrives in sales
          -> c2 waits at 2 (other paused)
   3.0s  alice is ready
          -> ring alice for c2 (offer 1, own)
   4.0s  c2 is answered
   5.0s  c3 arrives in sales
          -> ring bob for c3 (offer 1)
   6.0s  c3 is answered
  30.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 2.0s, talked 26.0s, remembered for alice
          -> ring alice for c1 (offer 1)
