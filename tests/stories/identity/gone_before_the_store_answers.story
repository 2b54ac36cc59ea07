# The caller hangs up before the store has answered. The answer then finds nobody,
# and that is no fault.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  the store is silent
   2.0s  c1 (known to alice) arrives in sales
  2.02s  c1 hangs up
          -> c1 ends: short_abandoned, waited 0.02s
  2.03s  the store answers c1
= c1 is gone
= sales: recalling 0, short_abandoned 1
   3.0s  c2 arrives in sales
   3.0s  the store speaks
          -> ring alice for c2 (offer 1)
