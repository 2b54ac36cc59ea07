# The own agent is on another call, somebody else is free: the caller holds out for
# a while, and is rewarded.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
= sales: waiting 1, holding 1
= c2 is waiting until 30.0s sticky waiting
  22.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 20.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 12.0s)
= bob is ready
