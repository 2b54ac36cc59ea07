# Hold is counted by itself and is no talk; a report that does not fit is refused.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c1 is held
  15.0s  c1 is held
  40.0s  c1 is retrieved
  50.0s  c1 is hung up by agent
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, held 30.0s, remembered for alice
