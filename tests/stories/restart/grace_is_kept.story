# After a restart an offer that nobody reports on is withdrawn when it would have
# been: ring time and grace, by the rules that come last at start. Found by the
# simulator.
queue sales ring 10s
rules ring_grace 5s
   0.0s  alice logs in to sales and is ready
   0.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   0.0s  the daemon restarts
= next timer at 15.0s
  15.0s  time passes
          -> stop ringing alice for c1 (missed)
          -> c1 waits at 1
