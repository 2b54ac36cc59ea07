# The caller hangs up while the agent's telephone is still ringing. The telephone
# must stop at once, and the agent must not lose the turn.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   5.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  11.0s  c1 hangs up
          -> stop ringing alice for c1
          -> c1 ends: abandoned, waited 6.0s
  12.0s  c2 arrives in sales
          -> ring alice for c2 (offer 1)
