# Policy new_agent: a second opinion. The caller gets anybody but those they know, and rather
# waits than to meet them again.
queue sales policy new_agent
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  carol logs in to sales and is ready
   3.0s  c1 (known to alice, bob) arrives in sales
          -> ring carol for c1 (offer 1, new new_agent)
   4.0s  c1 is answered
   5.0s  c2 (known to alice, bob) arrives in sales
          -> c2 waits at 1 (new new_agent)
= alice for c2: excluded
   6.0s  c3 arrives in sales
          -> ring alice for c3 (offer 1)
   7.0s  c3 is answered
  40.0s  c1 hangs up
          -> c1 ends: answered by carol, waited 1.0s, talked 36.0s, remembered for carol
          -> ring carol for c2 (offer 1, new new_agent)
