# The own agent talks on and on. After wait_busy anyone may take the caller: nobody
# waits for ever for the sake of a familiar voice.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   5.0s  bob logs in to sales and is ready
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 20.0s more)
  30.0s  time passes
          -> ring bob for c2 (offer 1, other wait_spent, held out 20.0s)
  31.0s  c2 is answered
  60.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 21.0s, talked 29.0s, extra wait 20.0s, remembered for bob
= sales: sticky other 1, fallthrough wait_spent 1
