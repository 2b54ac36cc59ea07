# After wait_max the caller is sent elsewhere, to voicemail for instance. A hang-up
# that crosses this on the wire is no error of anybody.
queue sales wait_max 60s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
  30.0s  c2 arrives in sales, having waited 20s
          -> c2 waits at 2
  60.0s  time passes
          -> overflow c1 (max_wait)
          -> c1 ends: overflow, waited 60.0s
  60.1s  c1 hangs up
          -> refused: unknown_call
  70.0s  time passes
          -> overflow c2 (max_wait)
          -> c2 ends: overflow, waited 60.0s
= sales: waiting 0, overflow 2
