# The daemon dies and comes back: everybody stands where they stood, with the clock
# they had, and the one who waited longest is served first.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales priority 5
          -> c2 waits at 1
   2.0s  alice logs in to sales
  10.0s  the daemon restarts
= c1 is waiting at 2 since 0.0s
= c2 is waiting at 1 since 1.0s
= alice is paused
  11.0s  alice is ready
          -> ring alice for c2 (offer 1)
  12.0s  c2 is answered
  22.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 11.0s, talked 10.0s
          -> ring alice for c1 (offer 1)
