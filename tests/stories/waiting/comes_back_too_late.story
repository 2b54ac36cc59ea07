# After resume_max the stay is a new one, and so is the place: nobody may leave a
# foot in the door all day. Nor does a place in one queue count in another.
queue sales
queue support
rules resume_max 30s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in support
          -> c2 waits at 1
  10.0s  c3 arrives in sales
          -> c3 waits at 2
  20.0s  c1 hangs up
          -> c1 ends: abandoned, waited 20.0s
  20.0s  c2 hangs up
          -> c2 ends: abandoned, waited 19.0s
  40.0s  c4 (c2 again) arrives in sales
          -> c4 waits at 2
  50.1s  c5 (c1 again) arrives in sales
          -> c5 waits at 3
= sales: resumed 0
