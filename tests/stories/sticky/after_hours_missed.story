# After hours, the own agent does not pick up: nobody else is meant to, and nobody is to wait in a
# closed queue until tomorrow. Who waited since before it closed is still served.
queue sales after_hours
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  c2 arrives in sales
          -> c2 waits at 1
   4.0s  queue sales after_hours, closed
  30.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
          -> ring alice for c2 (offer 1)
  31.0s  c2 is not answered
          -> c2 waits at 1
  40.0s  bob logs in to sales and is ready
          -> ring bob for c2 (offer 2)
  41.0s  c2 is answered
  42.0s  c3 (known to alice) arrives in sales
          -> ring alice for c3 (offer 1, own)
  50.0s  carol logs in to sales and is ready
  60.0s  c3 is not answered
          -> reject c3 (closed, other excluded)
          -> c3 ends: rejected, waited 18.0s
