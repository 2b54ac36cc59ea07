# The state as bytes and back is the same state: what the replay of an incident
# rests on.
queue sales wait_busy 20s, wrapup 10s
   0.0s  alice logs in to sales with french 3 and is ready
   1.0s  c1 arrives in sales needs french 1
          -> ring alice for c1 (offer 1)
   2.0s  the core is copied
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
   5.0s  c3 arrives in sales
          -> c3 waits at 2
   6.0s  the core is copied
  10.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 2.0s, talked 7.0s
  11.0s  the core is copied
  20.0s  time passes
          -> ring alice for c2 (offer 1, own, held out 16.0s)
= sales: answered 1, waiting 1, service level 1 of 1
