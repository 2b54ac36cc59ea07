# The telephone rings and nobody comes. The caller goes back to the place that the
# wait has earned, ahead of a later caller, and that agent is not rung again for
# them.
queue sales ring 15s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c2 arrives in sales
          -> c2 waits at 1
  16.0s  c1 is not answered
          -> c1 waits at 1
          -> ring alice for c2 (offer 1)
= alice for c1: excluded
= alice for c2: has_it
