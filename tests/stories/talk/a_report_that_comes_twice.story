# Telephony systems repeat themselves after a reconnect. The same report again is no
# error and changes nothing.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c1 is answered
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
  31.0s  c1 hangs up
          -> refused: unknown_call
