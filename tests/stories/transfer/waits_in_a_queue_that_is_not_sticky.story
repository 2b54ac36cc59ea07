# A caller who was handed on to a colleague waits for that colleague, whatever the
# queue thinks of stickiness, and how they fared with the first agent stays settled.
# Found by the simulator.
queue sales wait_busy 60s
queue support not sticky
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   5.0s  c2 is answered
  20.0s  c1 is transferred to bob
          -> c1 waits at 1 (own)
  25.0s  c1 changes to queue support
          -> c1 waits at 1 (own)
  40.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 35.0s, remembered for bob
          -> ring bob for c1 (offer 2, own)
  41.0s  c1 is answered
  50.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 27.0s, remembered for alice
= sales: sticky own 1
