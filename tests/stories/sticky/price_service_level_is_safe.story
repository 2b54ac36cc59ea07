# At a price, with the service guard: nobody holds out beyond the service level.
queue sales policy rate, value 20m, service_guard 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  30.0s  time passes
          -> ring bob for c2 (offer 1, other ewt_guard, held out 20.0s)
