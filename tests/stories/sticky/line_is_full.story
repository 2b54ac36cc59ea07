# A popular agent must not collect a line of their own: beyond line_max callers do
# not hold out, they take who is there.
queue sales wait_busy 60s, line_max 1
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 60.0s more)
   4.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (other line_full)
   5.0s  bob logs in to sales and is ready
          -> ring bob for c3 (offer 1, other line_full)
= c2 is waiting at 1 for alice
