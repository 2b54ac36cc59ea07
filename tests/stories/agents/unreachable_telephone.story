# The switch says the telephone is gone: nothing is offered there. It is a veto, not
# a state: when the telephone is back, the agent is what they were.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  alice has telephone unreachable
   2.0s  c1 arrives in sales
          -> c1 waits at 1
= alice is ready with telephone unreachable
= sales: agents unreachable 1
  10.0s  alice has telephone reachable
          -> ring alice for c1 (offer 1)
  11.0s  c1 is answered
  12.0s  alice has telephone unreachable
= c1 is talking with alice
  40.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 9.0s, talked 29.0s, remembered for alice
  41.0s  c2 arrives in sales
          -> c2 waits at 1
