# Priority comes before arrival; equals are served in the order they came. A site
# that sells priority must be able to rely on it.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales priority 5
          -> c2 waits at 1
   2.0s  c3 arrives in sales priority 5
          -> c3 waits at 2
   3.0s  c4 arrives in sales priority -1
          -> c4 waits at 4
   4.0s  alice logs in to sales and is ready
          -> ring alice for c2 (offer 1)
   5.0s  bob logs in to sales and is ready
          -> ring bob for c3 (offer 1)
   6.0s  carol logs in to sales and is ready
          -> ring carol for c1 (offer 1)
   7.0s  dave logs in to sales and is ready
          -> ring dave for c4 (offer 1)
