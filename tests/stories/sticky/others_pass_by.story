# While a caller holds out, those behind are not kept waiting by it: they pass. And
# when the patience is over, the caller stands where they always stood.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  11.0s  c3 arrives in sales
          -> c3 waits at 2
  12.0s  c4 arrives in sales
          -> c4 waits at 3
  15.0s  bob logs in to sales and is ready
          -> ring bob for c3 (offer 1)
= c2 is waiting at 1 until 30.0s
  16.0s  c3 is answered
  30.0s  time passes
          -> c2 waits at 1 (other wait_spent)
  40.0s  c3 hangs up
          -> c3 ends: answered by bob, waited 5.0s, talked 24.0s, remembered for bob
          -> ring bob for c2 (offer 1, other wait_spent, held out 20.0s)
