# At a price: bob comes free, c2 in front would rather have alice, and the one behind who takes bob
# is one of his own. That c2 declined him counts no less for that.
queue sales policy rate, value 200s, credit 0
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (other busy)
  14.0s  bob logs in to sales
  15.0s  c3 (known to bob) arrives in sales
          -> c3 waits at 2 (other paused)
  20.0s  bob is ready
          -> c2 waits at 1 (for alice, 60.0s more)
          -> ring bob for c3 (offer 1, own)
  21.0s  c3 is answered
  40.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 38.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 20.0s)
  41.0s  c2 is answered
  80.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 31.0s, talked 39.0s, extra wait 20.0s, remembered for alice
