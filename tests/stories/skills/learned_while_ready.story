# A supervisor gives an agent a skill or a queue during the shift: callers who were
# waiting for just that are served at once, and the agent's state does not change.
queue sales
queue support
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales needs french 1
          -> c1 waits at 1
   2.0s  c2 arrives in support
          -> c2 waits at 1
   3.0s  alice now serves sales with french 1
          -> ring alice for c1 (offer 1)
   4.0s  c1 is answered
   5.0s  alice now serves sales, support with french 1
= alice is talking
   6.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 3.0s, talked 2.0s
          -> ring alice for c2 (offer 1)
