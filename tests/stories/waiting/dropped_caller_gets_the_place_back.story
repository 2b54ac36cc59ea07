# Mobile calls drop. A caller who is back within resume_max stands where they would
# have stood, ahead of those who came in between.
queue sales
rules resume_max 2m
   0.0s  c1 arrives in sales
          -> c1 waits at 1
  10.0s  c2 arrives in sales
          -> c2 waits at 2
  20.0s  c1 hangs up
          -> c1 ends: abandoned, waited 20.0s
  50.0s  c3 (c1 again) arrives in sales
          -> c3 waits at 1
= c3 is waiting since 0.0s
= sales: resumed 1
  60.0s  alice logs in to sales and is ready
          -> ring alice for c3 (offer 1)
  61.0s  c3 is answered
  80.0s  c3 hangs up
          -> c3 ends: answered by alice, waited 61.0s, talked 19.0s, remembered for alice
          -> ring alice for c2 (offer 1)
