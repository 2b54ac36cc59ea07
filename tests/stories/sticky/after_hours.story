# The queue is closed. Whose own agent is at the desk all the same is put through; all others hear
# that it is closed, without waiting, whoever else is ready.
queue sales closed, after_hours
queue support closed
   0.0s  bob logs in to sales, support and is ready
   1.0s  alice logs in to sales, support and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in sales
          -> reject c2 (closed, other busy)
          -> c2 ends: rejected, waited 0.0s
   5.0s  c3 (known to zoe) arrives in sales
          -> reject c3 (closed, other logged_out)
          -> c3 ends: rejected, waited 0.0s
   6.0s  c4 arrives in sales
          -> reject c4 (closed)
          -> c4 ends: rejected, waited 0.0s
   7.0s  c5 (withheld) arrives in sales
          -> reject c5 (closed, new no_identity)
          -> c5 ends: rejected, waited 0.0s
   8.0s  c6 (known to bob) arrives in support
          -> reject c6 (closed)
          -> c6 ends: rejected, waited 0.0s
