# The own agent is being rung for somebody else this moment: as good as busy.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  bob logs in to sales and is ready
   3.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
   5.0s  c1 hangs up
          -> stop ringing alice for c1
          -> c1 ends: short_abandoned, waited 4.0s
          -> ring alice for c2 (offer 1, own, held out 2.0s)
