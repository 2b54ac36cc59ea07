# The telephony system called nobody: it is about to stop, say. The agent has missed nothing and
# goes on, with other callers.
rules unreachable 1
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 fails: unreachable without blame
          -> c1 waits at 1
= alice is ready
   3.0s  c2 arrives in sales
          -> ring alice for c2 (offer 1)
