# A transfer to somebody who is paused or logged out is refused, and nothing
# changes: the caller stays with the agent who tried.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales
   4.0s  c1 is transferred to bob
          -> refused: agent_away
   5.0s  bob logs out
   6.0s  c1 is transferred to bob
          -> refused: agent_away
= c1 is talking with alice
