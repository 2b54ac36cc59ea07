# Somebody says that this caller is not to wait for the own agent any longer: from now on they are
# anybody's, even if the store says only later who that would have been.
queue sales wait_busy 10m
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 600.0s more)
  10.0s  c2 changes to anybody
          -> ring bob for c2 (offer 1, new released)
  11.0s  c2 is answered
  12.0s  the store is silent
  13.0s  c3 (known to alice, never bob) arrives in sales
  13.01s c3 changes to anybody
          -> c3 waits at 1 (new released)
  13.02s the store answers c3
= c3 is waiting sticky new why released
= bob for c3: excluded
  14.0s  c3 changes to caller (known to alice)
          -> c3 waits at 1
  14.01s the store answers c3
          -> c3 waits at 1 (for alice, 600.0s more)
