# At a price: nobody is idle, so the caller just waits. When bob comes free, somebody behind
# takes him: letting that one pass costs less than leaving bob idle would.
queue sales policy rate, value 200s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (other busy)
  11.0s  c3 arrives in sales
          -> c3 waits at 2
  15.0s  bob logs in to sales and is ready
          -> c2 waits at 1 (for alice, 60.0s more)
          -> ring bob for c3 (offer 1)
= c2 is waiting
  16.0s  c3 is answered
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 15.0s)
