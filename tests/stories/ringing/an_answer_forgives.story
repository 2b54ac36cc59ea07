# Misses count in a row: one answered call and the count starts again. Each kind
# has a count of its own, so a busy line does not add to an empty chair.
queue sales
rules no_answer 2, busy 2
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is not answered
          -> c1 waits at 1
   3.0s  c2 arrives in sales
          -> ring alice for c2 (offer 1)
   4.0s  c2 fails: busy
          -> c2 waits at 2
= alice is ready
   5.0s  c3 arrives in sales
          -> ring alice for c3 (offer 1)
   6.0s  c3 is answered
   7.0s  c3 hangs up
          -> c3 ends: answered by alice, waited 1.0s, talked 1.0s
   8.0s  c4 arrives in sales
          -> ring alice for c4 (offer 1)
   9.0s  c4 is not answered
          -> c4 waits at 3
= alice is ready
  10.0s  c5 arrives in sales
          -> ring alice for c5 (offer 1)
  11.0s  c5 is not answered
          -> c5 waits at 4
= alice is paused because rona
