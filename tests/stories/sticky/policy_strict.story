# Policy strict: nobody but the own agent, however long the call before takes and whoever is
# free. Only when the agent goes away is the caller anybody's.
queue sales policy strict
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice)
 600.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 598.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 590.0s)
 601.0s  c2 is answered
 602.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (for alice)
 670.0s  alice pauses
 700.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 591.0s, talked 99.0s, extra wait 590.0s, remembered for alice
          -> ring bob for c3 (offer 1, other paused, held out 98.0s)
