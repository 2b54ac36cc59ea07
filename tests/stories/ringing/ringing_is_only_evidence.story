# "It rings" is good to know for whoever looks for the fault later. It changes
# nothing.
queue sales ring 15s
rules ring_grace 5s
   0.0s  alice logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 rings
   4.0s  c1 rings
  22.0s  time passes
          -> stop ringing alice for c1 (missed)
          -> c1 waits at 1
