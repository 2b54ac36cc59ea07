# Where the site wants it, a pause for misses ends by itself: people forget to press
# "ready" after a break, and a forgotten agent is a lost agent.
queue sales
rules rejected 1, rona_return 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is rejected
          -> c1 waits at 1
= alice is paused because rona until 62.0s
  10.0s  c2 arrives in sales
          -> c2 waits at 2
  62.0s  time passes
          -> ring alice for c2 (offer 1)
