# Logging out while talking lets the talk end, and then the agent is gone.
queue sales wrapup 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  alice logs out
= alice is talking pending logout
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, remembered for alice
= alice is logged_out
  21.0s  alice is ready
          -> refused: wrong_state
