# At a price, a brief pause is waited for by the same patience: how long it lasts can not be
# learned from talks. Extra wait runs only from the moment somebody else could have helped.
queue sales policy rate, wait_brief 30s
   0.0s  alice logs in to sales and is ready
   1.0s  alice pauses briefly
  10.0s  c1 (known to alice) arrives in sales
          -> c1 waits at 1 (for alice, 30.0s more)
  15.0s  bob logs in to sales and is ready
= c1 is waiting passed since 15.0s
  20.0s  alice is ready
          -> ring alice for c1 (offer 1, own, held out 10.0s)
  21.0s  c1 is answered
  40.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 11.0s, talked 19.0s, extra wait 5.0s, remembered for alice
  41.0s  alice pauses briefly
  42.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 30.0s more)
  72.0s  time passes
          -> ring bob for c2 (offer 1, other paused, held out 30.0s)
