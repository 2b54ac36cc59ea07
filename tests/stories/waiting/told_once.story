# Once is enough for some sites; who changes to another queue is told there.
queue sales tell_after 5s, tell_every never
queue support tell_after 0s, tell_every 30s
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   5.0s  time passes
          -> tell c1: place 1
  90.0s  time passes
 100.0s  c1 changes to queue support
          -> c1 waits at 1
 100.0s  time passes
          -> tell c1: place 1
 130.0s  time passes
          -> tell c1: place 1
