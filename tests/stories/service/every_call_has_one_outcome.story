# Answered, abandoned, short, overflow, rejected, lost: one each, and their sum is
# who came. Counters that do not add up are worth nothing.
queue sales waiting_max 2, wait_max 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 arrives in sales
          -> c2 waits at 1
   4.0s  c3 arrives in sales
          -> c3 waits at 2
   5.0s  c4 arrives in sales
          -> reject c4 (queue_full)
          -> c4 ends: rejected, waited 0.0s
   6.0s  c2 hangs up
          -> c2 ends: short_abandoned, waited 3.0s
   7.0s  c5 arrives in sales
          -> c5 waits at 2
  20.0s  c5 is lost
          -> c5 ends: lost, waited 13.0s
  21.0s  c6 arrives in sales
          -> c6 waits at 2
  40.0s  c6 hangs up
          -> c6 ends: abandoned, waited 19.0s
  50.0s  c1 is lost
          -> c1 ends: answered by alice, waited 1.0s, talked 48.0s, remembered for alice
          -> ring alice for c3 (offer 1)
  51.0s  c3 is not answered
          -> c3 waits at 1
  64.0s  time passes
          -> overflow c3 (max_wait)
          -> c3 ends: overflow, waited 60.0s
= sales: arrived 6, answered 1, short_abandoned 1, rejected 1, lost 1, abandoned 1, overflow 1
