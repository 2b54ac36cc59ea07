# With credit for the longest, the caller returns to whoever knows most of the matter; of equals to
# the earlier one.
queue sales transfer_credit longest
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  carol logs in to sales and is ready
   3.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   4.0s  c1 is answered
  34.0s  c1 is transferred to bob by consult
          -> ring bob for c1 (offer 1)
  94.0s  c1 is transferred to carol by consult
          -> ring carol for c1 (offer 1)
 154.0s  c1 hangs up
          -> c1 ends: answered by carol, waited 1.0s, talked 150.0s, remembered for bob
