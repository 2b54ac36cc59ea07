# A pause for a brief reason, a glass of water, is waited for; lunch is not. When the brief pause
# turns out to be lunch, the waiting is over.
queue sales wait_brief 60s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  alice pauses briefly
= alice is paused briefly
   3.0s  c1 (known to alice) arrives in sales
          -> c1 waits at 1 (for alice, 60.0s more)
  10.0s  alice is ready
          -> ring alice for c1 (offer 1, own, held out 7.0s)
  11.0s  c1 is answered
  40.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 8.0s, talked 29.0s, extra wait 7.0s, remembered for alice
  41.0s  alice pauses briefly
  42.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
  50.0s  alice pauses
          -> ring bob for c2 (offer 1, other paused, held out 8.0s)
  51.0s  c2 is answered
  52.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (other paused)
