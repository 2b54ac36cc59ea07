# The telephony system sends the caller to bob by itself, and has him rung for longer than the
# queue would: that is for it to say.
queue sales ring 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  c1 is transferred to bob
          -> ring bob for c1 (offer 2)
   5.0s  c1 rings for 60s
  50.0s  time passes
          = c1 is offered offer 2 rings until 65.0s
  51.0s  c1 is answered
  60.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 11.0s
