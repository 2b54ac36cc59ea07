# A full queue that has somewhere to send its callers sends them there at once, as it
# does with those who waited too long.
queue sales waiting_max 1, overflows
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> overflow c2 (queue_full)
          -> c2 ends: overflow, waited 0.0s
= sales: arrived 2, overflow 1, waiting 1
