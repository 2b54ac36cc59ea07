# "Pause" pressed while the telephone rings: it may still be answered, and the pause
# comes after the talk; if it is not answered, the pause comes at once.
queue sales wrapup 10s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  alice pauses
= alice is offered pending pause
   4.0s  c1 is answered
   5.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   6.0s  bob pauses
   9.0s  c2 is not answered
          -> c2 waits at 1
= bob is paused because asked
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 2.0s, talked 26.0s, remembered for alice
= alice is paused because asked
