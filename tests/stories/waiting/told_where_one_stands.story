# Callers are told their place in the line again and again. While an agent's telephone rings for
# them they are told nothing; if it has not been answered by then, they are told at once.
queue sales tell_after 5s, tell_every 20s, ring 10s
   0.0s  alice logs in to sales
   1.0s  c1 arrives in sales
          -> c1 waits at 1
   3.0s  c2 arrives in sales
          -> c2 waits at 2
   6.0s  time passes
          -> tell c1: place 1
   8.0s  time passes
          -> tell c2: place 2
  20.0s  alice is ready
          -> ring alice for c1 (offer 1)
  27.0s  c1 is not answered
          -> c1 waits at 1
          -> ring alice for c2 (offer 1)
  36.0s  time passes
          -> tell c1: place 1
  42.0s  time passes
          -> stop ringing alice for c2 (missed)
          -> c2 waits at 2
          -> tell c2: place 2
  47.0s  time passes
          -> tell c1: place 1
  50.0s  c1 hangs up
          -> c1 ends: abandoned, waited 49.0s
  62.0s  time passes
          -> tell c2: place 1
