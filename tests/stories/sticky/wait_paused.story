# A queue may wait for an own agent who pauses, too; not beyond the patience, and not at all
# where none is said. Nobody waits for one who is paused for missed calls.
rules no_answer 1
queue sales wait_paused 30s
queue support
   0.0s  alice logs in to sales, support
   1.0s  bob logs in to sales, support and is ready
  10.0s  c1 (known to alice) arrives in support
          -> ring bob for c1 (offer 1, other paused)
  11.0s  c1 is answered
  12.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice, 30.0s more)
  13.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 2.0s
  20.0s  alice is ready
          -> ring alice for c2 (offer 1, own, held out 8.0s)
  21.0s  c2 is not answered
          -> ring bob for c2 (offer 2, other excluded, held out 8.0s)
  22.0s  c2 is answered
= alice is paused because rona
  23.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 1 (other rona)
  24.0s  alice pauses
  25.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 2 (for alice, 30.0s more)
  30.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 10.0s, talked 8.0s, extra wait 7.0s
          -> ring bob for c3 (offer 1, other rona)
  31.0s  c3 is answered
  55.0s  time passes
          -> c4 waits at 1 (other paused)
