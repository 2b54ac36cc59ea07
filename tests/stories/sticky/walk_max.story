# A decision looks at so many candidates and no more: bob is ruled out for the two in front by
# what they have missed, and whoever stands behind is not seen until they are gone.
rules walk_max 2, exclude_for 10m
queue sales
   0.0s  bob logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring bob for c1 (offer 1)
   2.0s  c1 is not answered
          -> c1 waits at 1
   3.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   4.0s  c2 is not answered
          -> c2 waits at 2
   5.0s  bob pauses
   6.0s  c3 arrives in sales
          -> c3 waits at 3
   7.0s  bob is ready
= bob is ready
   8.0s  bob pauses
   9.0s  c1 hangs up
          -> c1 ends: abandoned, waited 8.0s
  10.0s  bob is ready
          -> ring bob for c3 (offer 1)
