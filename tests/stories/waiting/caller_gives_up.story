# A caller who hangs up while waiting is gone from the line at once, and counted:
# as a short abandon when it was but a moment, which no staffing could have helped.
queue sales short_abandon 5s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   0.0s  c2 arrives in sales
          -> c2 waits at 2
   5.0s  c1 hangs up
          -> c1 ends: short_abandoned, waited 5.0s
= c2 is waiting at 1
   5.1s  c2 hangs up
          -> c2 ends: abandoned, waited 5.1s
   5.2s  c2 hangs up
          -> refused: unknown_call
= sales: waiting 0, short_abandoned 1, abandoned 1, service level 0 of 1
   9.0s  alice logs in to sales and is ready
