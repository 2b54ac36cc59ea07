# A caller who hangs up while on hold ends the call all the same; the agent wraps up.
queue sales wrapup 10s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  20.0s  c1 is held
  50.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, held 30.0s, remembered for alice
= alice is wrapup until 60.0s
