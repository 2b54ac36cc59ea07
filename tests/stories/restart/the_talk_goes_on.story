# A talk that was under way goes on; its length is the whole of it.
queue sales wrapup 10s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  the daemon restarts
= c1 is talking with alice
  15.0s  c1 is held
  20.0s  the daemon restarts
= c1 is held with alice
  25.0s  c1 is retrieved
  32.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 20.0s, held 10.0s, remembered for alice
= alice is wrapup until 42.0s
  35.0s  the daemon restarts
= alice is wrapup until 42.0s
  36.0s  c2 arrives in sales
          -> c2 waits at 1
  42.0s  time passes
          -> ring alice for c2 (offer 1)
