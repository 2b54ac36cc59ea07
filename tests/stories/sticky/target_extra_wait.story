# Steering: the value of a reunion rises while returning callers wait less extra than was aimed
# at, and falls when they wait more. A reload that says the same value does not forget it.
queue sales policy rate, value 100s, wait_busy 0, target_extra_wait 2s, skip_price 100
   0.0s  bob logs in to sales and is ready
   1.0s  alice logs in to sales and is ready
= sales: value 100.0s
   2.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
   3.0s  c1 is answered
= sales: value 100.3s
   4.0s  bob pauses
   5.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (other busy)
   6.0s  c3 arrives in sales
          -> c3 waits at 2
   7.0s  bob is ready
          -> c2 waits at 1 (for alice, 60.0s more)
          -> ring bob for c3 (offer 1)
   8.0s  c3 is answered
  37.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 34.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 30.0s)
  38.0s  c2 is answered
= sales: value 96.1s
  39.0s  queue sales policy rate, value 100s, target_extra_wait 2s
= sales: value 96.1s
  40.0s  queue sales policy rate, value 120s, target_extra_wait 2s
= sales: value 120.0s
  41.0s  queue sales policy rate, value 10m, target_extra_wait 2s
= sales: value 400.0s
  42.0s  queue sales policy rate, value 10m
= sales: value 600.0s
