# Somebody is free, and the own agent, who has just begun to talk, is expected to take minutes:
# that is not waited for. In wrap-up it is a matter of seconds, and worth it.
queue sales ewt_guard 30s, wrapup 10s, wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
   4.0s  bob logs in to sales and is ready
          -> ring bob for c2 (offer 1, other ewt_guard, held out 1.0s)
   5.0s  c2 is answered
  20.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 2.0s, talked 15.0s, remembered for bob
  30.0s  bob is ready
  31.0s  c3 (known to alice) arrives in sales
          -> ring bob for c3 (offer 1, other ewt_guard)
  32.0s  c3 is answered
  33.0s  carol logs in to sales and is ready
  50.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 48.0s, remembered for alice
  51.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 1 (for alice, 9.0s more)
