# Handed on to a colleague who is free: it rings there at once, ahead of everybody.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  bob logs in to sales and is ready
  30.0s  c1 is transferred to bob
          -> ring bob for c1 (offer 2)
= alice is ready
  32.0s  c1 is answered
= c1 is talking with bob legs 2
  60.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 56.0s, remembered for bob
