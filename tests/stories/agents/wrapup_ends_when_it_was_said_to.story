# Wrap-up ends at a fixed instant. It can be made longer, and "ready" ends it early.
queue sales wrapup 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, remembered for alice
= alice is wrapup until 50.0s
  21.0s  c2 arrives in sales
          -> c2 waits at 1
  40.0s  alice extends wrapup by 15s
= alice is wrapup until 65.0s
  65.0s  time passes
          -> ring alice for c2 (offer 1)
  66.0s  c2 is answered
  67.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 45.0s, talked 1.0s
  68.0s  c3 arrives in sales
          -> c3 waits at 1
  70.0s  alice is ready
          -> ring alice for c3 (offer 1)
  71.0s  alice extends wrapup by 15s
          -> refused: wrong_state
