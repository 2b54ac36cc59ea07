# Shift change: who is logged out for a moment may be waited for. Whoever comes back for other
# work is waited for no more.
queue sales wait_away 60s
queue support
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  alice logs out
   3.0s  c1 (known to alice) arrives in sales
          -> c1 waits at 1 (for alice, 60.0s more)
  20.0s  alice logs in to sales and is ready
          -> ring alice for c1 (offer 1, own, held out 17.0s)
  21.0s  c1 is answered
  50.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 18.0s, talked 29.0s, extra wait 17.0s, remembered for alice
  51.0s  alice logs out
  52.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  60.0s  alice logs in to support and is ready
          -> ring bob for c2 (offer 1, other not_member, held out 8.0s)
