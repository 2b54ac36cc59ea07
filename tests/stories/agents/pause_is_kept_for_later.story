# "Pause" while talking does not cut the talk. It takes effect at its end, in place
# of the wrap-up; "ready" takes it back.
queue sales wrapup 30s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  alice pauses
= alice is talking pending pause
   4.0s  alice is ready
= alice is talking pending nothing
   5.0s  alice pauses
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 18.0s, remembered for alice
= alice is paused because asked
  50.0s  c2 arrives in sales
          -> c2 waits at 1
