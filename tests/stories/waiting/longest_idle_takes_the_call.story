# Work is shared out fairly: of those who are ready, the one who has been idle
# longest gets the call.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is answered
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 17.0s, remembered for alice
  21.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
  22.0s  c3 arrives in sales
          -> ring alice for c3 (offer 1)
