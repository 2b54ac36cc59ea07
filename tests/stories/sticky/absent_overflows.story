# Policy strict with absent_overflows: whoever has nobody to wait for is sent elsewhere, be it
# voicemail or a promise to call back. A queue that has no such place keeps the caller.
queue sales policy strict, absent_overflows, overflows
queue support policy strict, absent_overflows
   0.0s  alice logs in to sales, support
   1.0s  bob logs in to sales, support and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> overflow c1 (own_away, other paused)
          -> c1 ends: overflow, waited 0.0s
   3.0s  c2 (known to alice) arrives in support
          -> ring bob for c2 (offer 1, other paused)
   4.0s  c2 is answered
   5.0s  c3 (known to bob) arrives in sales
          -> c3 waits at 1 (for bob)
   6.0s  c4 arrives in sales
          -> c4 waits at 2
   9.0s  bob pauses
  10.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 6.0s
          -> overflow c3 (own_away, other paused)
          -> c3 ends: overflow, waited 5.0s
