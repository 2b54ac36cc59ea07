# A caller who is moved to a queue where somebody is free has not stood in line there: given back, they
# are told where they stand when they have, as one would be who arrived there.
queue support
queue sales tell_after 10s, tell_every 20s, ring 15s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in support
          -> c1 waits at 1
   2.0s  c1 changes to queue sales
          -> ring alice for c1 (offer 1)
  22.0s  time passes
          -> stop ringing alice for c1 (missed)
          -> c1 waits at 1
  32.0s  time passes
          -> tell c1: place 1
