# alice asks in the queue of the others whether somebody would take her caller, and hands over who
# answered: the question ends, and the caller's contact goes on with bob. Of another call than the
# one that bob is in nothing comes.
queue sales wrapup 10s
queue support wrapup 10s
   0.0s  alice logs in to sales and is ready
   0.0s  bob logs in to support and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  20.0s  q1 (withheld) arrives in support
          -> ring bob for q1 (offer 1, new no_identity)
  21.0s  q1 is answered
  22.0s  c2 arrives in support
          -> c2 waits at 1
  23.0s  bob pauses
  24.0s  c1 is transferred to bob by consult in c2
          -> refused: wrong_state
  25.0s  c1 is transferred to bob by consult in q1
          -> q1 ends: answered by bob, waited 1.0s, talked 4.0s
          -> ring bob for c1 (offer 1)
= q1 is gone
= c1 is talking with bob legs 2
= alice is wrapup
= bob is talking pending pause
  45.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 43.0s, remembered for bob
= bob is paused
