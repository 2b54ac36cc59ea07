# The whole circle: a caller talks with somebody, hangs up, rings again the next
# day, and is brought to them; not to the one they were with only for a moment.
queue sales min_talk 15s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  62.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 60.0s, remembered for alice
  63.0s  bob logs in to sales and is ready
  64.0s  alice pauses
  70.0s  c2 (c1 again) arrives in sales
          -> ring bob for c2 (offer 1, other paused)
  71.0s  c2 is answered
  80.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 1.0s, talked 9.0s
  90.0s  alice is ready
 100.0s  c3 (c1 again) arrives in sales
          -> ring alice for c3 (offer 1, own)
