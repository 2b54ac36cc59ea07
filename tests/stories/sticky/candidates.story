# Of the agents a caller knows, only so many count: where it is one, the agent before the last
# is anybody.
queue sales candidates 1, wait_busy 0
queue support candidates 2, wait_busy 0
   0.0s  bob logs in to sales, support and is ready
   1.0s  c1 (known to alice 1d ago, bob 2d ago) arrives in sales
          -> ring bob for c1 (offer 1, other logged_out)
   2.0s  c1 is answered
  20.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 18.0s, remembered for bob
  21.0s  c2 (known to alice 1d ago, bob 2d ago) arrives in support
          -> ring bob for c2 (offer 1, known)
