# Who is moved to another queue has not waited any less: the clock runs on, and the
# place in the new queue is that of the arrival.
queue sales
queue support
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in support
          -> c2 waits at 1
   2.0s  c1 changes to queue support
          -> c1 waits at 1
= c1 is waiting in support
= sales: waiting 0
   3.0s  alice logs in to support and is ready
          -> ring alice for c1 (offer 1)
   4.0s  c1 is answered
  34.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 4.0s, talked 30.0s, remembered for alice
          -> ring alice for c2 (offer 1)
= sales: arrived 1, answered 1
= support: arrived 1, answered 0, ringing 1
