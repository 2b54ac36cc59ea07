# Who had waited longer than the threshold before we heard of them missed the service
# level when it passed, even if they are sent on in the same instant; who had not is no
# matter of it. Nor is who is turned away at the door: nothing was promised to them.
queue sales service_level 20s, short_abandon 5s, waiting_max 1, overflows
queue support service_level 20s, short_abandon 5s, closed
 100.0s  c1 arrives in sales
          -> c1 waits at 1
 101.0s  c2 arrives in sales, having waited 20.000001s
          -> overflow c2 (queue_full)
          -> c2 ends: overflow, waited 20.000001s
= sales: overflow 1, service level 0 of 1
 102.0s  c3 arrives in sales, having waited 20s
          -> overflow c3 (queue_full)
          -> c3 ends: overflow, waited 20.0s
= sales: overflow 2, service level 0 of 1
 103.0s  c4 arrives in support, having waited 30s
          -> reject c4 (closed)
          -> c4 ends: rejected, waited 30.0s
= support: rejected 1, service level 0 of 0
