# The agent's line is busy with a call that is not ours: a veto while it lasts, and
# it never makes anybody ready.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  alice has telephone busy
   2.0s  c1 arrives in sales
          -> c1 waits at 1
   3.0s  alice has telephone reachable
          -> ring alice for c1 (offer 1)
   4.0s  c1 is answered
  30.0s  alice pauses
  31.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 2.0s, talked 27.0s, remembered for alice
  32.0s  c2 arrives in sales
          -> c2 waits at 1
  33.0s  alice has telephone busy
  34.0s  alice has telephone reachable
= alice is paused
