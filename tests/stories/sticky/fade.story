# At a price: an earlier agent is forgotten with time. After four half-lives bob is hardly more
# than a stranger, and c2 declines him; where nothing fades he is taken.
queue sales policy rate, value 300s, fade 7d, window 90d
queue support policy rate, value 300s, window 90d
   0.0s  alice logs in to sales, support and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   4.0s  bob logs in to sales, support and is ready
  10.0s  c2 (known to alice 1d ago, bob 28d ago) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  11.0s  c2 hangs up
          -> c2 ends: short_abandoned, waited 1.0s, extra wait 1.0s
  12.0s  c3 (known to alice 1d ago, bob 28d ago) arrives in support
          -> ring bob for c3 (offer 1, known)
