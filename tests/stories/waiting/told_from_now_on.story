# A reload that begins to tell callers where they stand reaches those who wait already; one that
# says no more of it ends it.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> c2 waits at 2
  30.0s  queue sales tell_after 5s, tell_every 20s
  35.0s  time passes
          -> tell c1: place 1
          -> tell c2: place 2
  55.0s  time passes
          -> tell c1: place 1
          -> tell c2: place 2
  61.0s  queue sales
 200.0s  time passes
