# A consultation: the colleague already talks with the caller when the transfer is
# reported. No telephone rings; the first agent is free.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  bob logs in to sales and is ready
  30.0s  c1 is transferred to bob by consult
          -> ring bob for c1 (offer 1)
= alice is ready
= bob is talking
= c1 is talking with bob legs 2
