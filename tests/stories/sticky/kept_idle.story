# Agents who stand idle beside callers who would rather wait: that time is counted, because it is
# what stickiness costs the centre. Beside those who wait because nobody can take them, it is not.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
= sales: kept idle 0
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  18.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 16.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 8.0s)
= sales: kept idle 8s
  19.0s  c2 is answered
= sales: kept idle 8s
  30.0s  c3 arrives in sales needs french 1
          -> c3 waits at 1
  40.0s  c3 hangs up
          -> c3 ends: abandoned, waited 10.0s
= sales: kept idle 8s, agents ready 1
