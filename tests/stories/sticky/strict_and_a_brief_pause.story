# Policy strict: an own agent who pauses briefly is waited for as long as the plan says, not for
# ever.
queue sales policy strict, wait_brief 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales and is ready
   4.0s  alice pauses briefly
  10.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (for alice)
  11.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 9.0s
= c2 is waiting until 70.0s
  70.0s  time passes
          -> ring bob for c2 (offer 1, other paused, held out 60.0s)
