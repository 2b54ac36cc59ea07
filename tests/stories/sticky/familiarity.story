# At a price: an earlier agent is worth part of the last one. Worth nothing, bob is declined like a
# stranger; at six tenths the difference is not worth the wait; worth as much, there is none.
queue sales policy rate, value 300s, familiarity 0 0
queue support policy rate, value 300s, familiarity 600 400
queue help policy rate, value 300s, familiarity 1000 1000
   0.0s  alice logs in to sales, support, help and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  carol logs in to sales, support, help and is ready
   4.0s  bob logs in to sales, support, help and is ready
  10.0s  c2 (known to alice, bob) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  11.0s  c2 hangs up
          -> c2 ends: short_abandoned, waited 1.0s, extra wait 1.0s
  12.0s  c3 (known to alice, bob) arrives in support
          -> ring bob for c3 (offer 1, known)
  13.0s  c3 hangs up
          -> stop ringing bob for c3
          -> c3 ends: short_abandoned, waited 1.0s
  14.0s  c4 (known to alice, bob) arrives in help
          -> ring bob for c4 (offer 1, known)
