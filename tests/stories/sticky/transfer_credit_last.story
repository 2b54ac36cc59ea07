# Several agents talked with the caller, who returns to the last of them who talked for min_talk:
# carol only picked up to say that she was the wrong one.
queue sales transfer_credit last
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  carol logs in to sales and is ready
   3.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   4.0s  c1 is answered
  64.0s  c1 is transferred to bob by consult
          -> ring bob for c1 (offer 1)
  94.0s  c1 is transferred to carol by consult
          -> ring carol for c1 (offer 1)
 100.0s  c1 hangs up
          -> c1 ends: answered by carol, waited 1.0s, talked 96.0s, remembered for bob
