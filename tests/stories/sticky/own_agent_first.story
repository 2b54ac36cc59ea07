# The caller who rings again reaches the same person, although somebody else has
# been idle for longer. This is what Najimi is for.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to bob 3d ago) arrives in sales
          -> ring bob for c1 (offer 1, own)
   3.0s  c1 is answered
  43.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 40.0s, remembered for bob
= sales: sticky own 1, reachable 1
