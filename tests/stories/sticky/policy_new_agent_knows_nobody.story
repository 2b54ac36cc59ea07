# Nobody of the name the caller knows was ever here: who is not to be rung again are the eight who
# missed the call, and none of them is forgotten for one who cannot be rung.
queue sales policy new_agent
rules exclude_for 10m
   0.0s  alice logs in to sales and is ready
   0.1s  bob logs in to sales and is ready
   0.2s  carol logs in to sales and is ready
   0.3s  dave logs in to sales and is ready
   0.4s  erin logs in to sales and is ready
   0.5s  frank logs in to sales and is ready
   0.6s  grace logs in to sales and is ready
   0.7s  heidi logs in to sales and is ready
   1.0s  c1 (known to zoe) arrives in sales
          -> ring alice for c1 (offer 1, new new_agent)
   2.0s  c1 is rejected
          -> ring bob for c1 (offer 2, new new_agent)
   3.0s  c1 is rejected
          -> ring carol for c1 (offer 3, new new_agent)
   4.0s  c1 is rejected
          -> ring dave for c1 (offer 4, new new_agent)
   5.0s  c1 is rejected
          -> ring erin for c1 (offer 5, new new_agent)
   6.0s  c1 is rejected
          -> ring frank for c1 (offer 6, new new_agent)
   7.0s  c1 is rejected
          -> ring grace for c1 (offer 7, new new_agent)
   8.0s  c1 is rejected
          -> ring heidi for c1 (offer 8, new new_agent)
   9.0s  c1 is rejected
          -> c1 waits at 1 (new new_agent)
