# A fixed wait in turn: the own agent, when free, takes whoever has waited longest.
queue sales in turn
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  c2 arrives in sales
          -> c2 waits at 1
   6.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (for alice, 20.0s more)
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, remembered for alice
          -> ring alice for c2 (offer 1)
