# What holding out was for, and what it came to: who waited longer for the own agent and met
# somebody else, or nobody, waited in vain.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  30.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 20.0s)
  31.0s  c2 is answered
  32.0s  carol logs in to sales and is ready
  40.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (for alice, 20.0s more)
  45.0s  c3 hangs up
          -> c3 ends: short_abandoned, waited 5.0s, extra wait 5.0s
  50.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 1 (for alice, 20.0s more)
  60.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 58.0s, remembered for alice
          -> ring alice for c4 (offer 1, own, held out 10.0s)
  61.0s  c4 is answered
  90.0s  c4 hangs up
          -> c4 ends: answered by alice, waited 11.0s, talked 29.0s, extra wait 10.0s, remembered for alice
  91.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 21.0s, talked 60.0s, extra wait 20.0s, remembered for bob
= sales: held out 3, in vain 2, extra wait 35.0s
