# Who was answered once and gives up while being handed on was answered: the outcome
# of a call is one.
queue sales
queue support
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  30.0s  c1 is transferred to queue support
          -> c1 waits at 1
  90.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 28.0s, remembered for alice
= sales: answered 1, abandoned 0
= support: waiting 0, abandoned 0
