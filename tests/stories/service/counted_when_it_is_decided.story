# The service level is counted at the answer, at the abandon, or when the time is
# over, whichever comes first; never at the end of the talk. A short abandon does
# not count at all.
queue sales service_level 20s, short_abandon 5s
   0.0s  alice logs in to sales and is ready
   0.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  20.0s  c1 is answered
= sales: service level 1 of 1
  21.0s  c2 arrives in sales
          -> c2 waits at 1
  24.0s  c2 hangs up
          -> c2 ends: short_abandoned, waited 3.0s
= sales: service level 1 of 1
  30.0s  c3 arrives in sales
          -> c3 waits at 1
  40.0s  c3 hangs up
          -> c3 ends: abandoned, waited 10.0s
= sales: service level 1 of 2
  50.0s  c4 arrives in sales
          -> c4 waits at 1
  70.0s  time passes
= sales: service level 1 of 2
70.000001s  time passes
= sales: service level 1 of 3
  80.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 20.0s, talked 60.0s, remembered for alice
          -> ring alice for c4 (offer 1)
  81.0s  c4 is answered
  82.0s  c4 hangs up
          -> c4 ends: answered by alice, waited 31.0s, talked 1.0s
= sales: arrived 4, answered 2, abandoned 1, short_abandoned 1, service level 1 of 3
