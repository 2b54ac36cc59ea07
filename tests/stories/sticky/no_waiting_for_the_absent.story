# Paused, logged out, or never seen: there is nobody to wait for, and the caller is
# told so by nothing but being served at once.
queue sales wait_busy 60s
   0.0s  alice logs in to sales
   1.0s  bob logs in to sales and is ready
   2.0s  bob logs out
   3.0s  carol logs in to sales and is ready
   4.0s  c1 (known to alice) arrives in sales
          -> ring carol for c1 (offer 1, other paused)
   5.0s  c2 (known to bob) arrives in sales
          -> c2 waits at 1 (other logged_out)
   6.0s  c3 (known to zoe) arrives in sales
          -> c3 waits at 2 (other logged_out)
