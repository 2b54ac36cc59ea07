# At a price: with ten at work, a credit without limit is one.
queue sales policy rate, value 60s, credit never
   0.0s  alice logs in to sales and is ready
   0.1s  a2 logs in to sales and is ready
   0.2s  a3 logs in to sales and is ready
   0.3s  a4 logs in to sales and is ready
   0.4s  a5 logs in to sales and is ready
   0.5s  a6 logs in to sales and is ready
   0.6s  a7 logs in to sales and is ready
   0.7s  a8 logs in to sales and is ready
   0.8s  a9 logs in to sales and is ready
   0.9s  a10 logs in to sales and is ready
   1.0s  c1 arrives in sales needs french 1
          -> c1 waits at 1
   1.1s  c2 arrives in sales needs french 1
          -> c2 waits at 2
   1.2s  alice now serves sales with french 1
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
 160.0s  c4 (known to alice) arrives in sales needs french 1
          -> c4 waits at 2 (other busy)
 170.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 168.0s, remembered for alice
          -> ring alice for c4 (offer 1, own)
