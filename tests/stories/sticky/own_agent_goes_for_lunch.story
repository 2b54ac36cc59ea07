# As soon as it is certain that the own agent will not come, holding out has no
# sense: a pause ends it at once.
queue sales wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  12.0s  alice pauses
= alice is talking pending pause
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, remembered for alice
          -> ring bob for c2 (offer 1, other paused, held out 10.0s)
= alice is paused because asked
