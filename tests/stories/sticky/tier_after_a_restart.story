# The place in line that a tier gives is kept when the daemon restarts.
rules tier 1 head_start 30s
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 arrives in sales
          -> c2 waits at 1
  20.0s  c3 arrives in sales tier 1
          -> c3 waits at 1
  25.0s  the daemon restarts
= c3 is waiting at 1
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
          -> ring alice for c3 (offer 1)
