# An own agent whose telephone cannot be reached is no reason to wait, and one whose
# telephone disappears while somebody holds out is none any more.
queue sales wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  alice has telephone unreachable
   3.0s  c1 (known to alice) arrives in sales
          -> ring bob for c1 (offer 1, other unreachable)
   4.0s  c1 is answered
   5.0s  carol logs in to sales and is ready
   6.0s  c2 (known to bob) arrives in sales
          -> c2 waits at 1 (for bob, 60.0s more)
   9.0s  bob has telephone unreachable
          -> ring carol for c2 (offer 1, other unreachable, held out 3.0s)
