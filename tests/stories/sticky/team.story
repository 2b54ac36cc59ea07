# The own agent is away: somebody of the same team knows the case best, although others have been
# idle longer. Where the queue does not ask for that, it is turn by turn; still it is said who came.
queue sales prefers_team
queue support
   0.0s  alice logs in to sales, support in team 1
   1.0s  bob logs in to sales, support in team 2 and is ready
   2.0s  carol logs in to sales, support in team 1 and is ready
= carol is ready team 1
   3.0s  c1 (known to alice) arrives in sales
          -> ring carol for c1 (offer 1, team paused)
   4.0s  c1 hangs up
          -> stop ringing carol for c1
          -> c1 ends: short_abandoned, waited 1.0s
   5.0s  c2 (known to alice) arrives in support
          -> ring bob for c2 (offer 1, other paused)
   6.0s  c2 is answered
   7.0s  c3 (known to alice) arrives in support
          -> ring carol for c3 (offer 1, team paused)
   8.0s  c3 is answered
  30.0s  c3 hangs up
          -> c3 ends: answered by carol, waited 1.0s, talked 22.0s, remembered for carol
= support: sticky team 1
