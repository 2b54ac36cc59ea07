# To know what stickiness does, some returning callers are routed as unknown; it is said why, and
# kept in the record of the call.
queue sales
   0.0s  bob logs in to sales and is ready
   1.0s  alice logs in to sales and is ready
   2.0s  c1 (known to alice, in the holdout) arrives in sales
          -> ring bob for c1 (offer 1, new holdout)
= c1 is offered holdout
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in sales
          -> ring alice for c2 (offer 1, own)
   5.0s  c2 is answered
  30.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 27.0s, in the holdout, remembered for bob
  31.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 1.0s, talked 26.0s, remembered for alice
= sales: sticky own 1
