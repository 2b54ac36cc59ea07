# Handed on to another queue: the caller waits there, and whoever of that queue is
# free takes the call. The wait had until the first answer stays what it was.
queue sales
queue support
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  30.0s  c1 is transferred to queue support
          -> c1 waits at 1
= alice is ready
= support: waiting 1
  40.0s  bob logs in to support and is ready
          -> ring bob for c1 (offer 2)
  41.0s  c1 is answered
  61.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 48.0s, remembered for bob
= sales: arrived 1, answered 1
