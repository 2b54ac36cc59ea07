# An own agent in wrap-up is nearly free: the caller waits for the end of it.
queue sales wrapup 10s, wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is answered
  33.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 30.0s, remembered for alice
= alice is wrapup until 43.0s
  34.0s  bob is ready
  35.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 8.0s more)
  43.0s  time passes
          -> ring alice for c2 (offer 1, own, held out 8.0s)
