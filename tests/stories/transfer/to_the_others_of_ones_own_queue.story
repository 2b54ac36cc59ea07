# Whoever sends a caller to a queue of their own means the others there, and is not rung at once, though
# this is the caller's own agent; but where nobody else works they are.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (known to alice 1d ago) arrives in sales
          -> ring alice for c1 (offer 1, own)
   2.0s  c1 is answered
   3.0s  c1 is transferred to queue sales
          -> c1 waits at 1 (own)
          -> ring alice for c1 (offer 2, own)
   4.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
   6.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   7.0s  c2 is answered
  10.0s  c1 is transferred to queue sales
          -> c1 waits at 1 (own)
= alice for c1: excluded
  20.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 13.0s
          -> ring bob for c1 (offer 3, own)
  21.0s  c1 is answered
