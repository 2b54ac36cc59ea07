# When an agent becomes ready, a caller of theirs goes first, even past somebody who
# came earlier. That is the price the site agreed to.
queue sales
   0.0s  alice logs in to sales
   1.0s  c1 arrives in sales
          -> c1 waits at 1
   2.0s  c2 arrives in sales
          -> c2 waits at 2
   3.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 3 (other paused)
   4.0s  alice is ready
          -> ring alice for c3 (offer 1, own)
   5.0s  c3 is answered
  30.0s  c3 hangs up
          -> c3 ends: answered by alice, waited 2.0s, talked 25.0s, remembered for alice
          -> ring alice for c1 (offer 1)
