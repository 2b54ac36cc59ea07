# The telephony system may report an arrival late, after its own announcements. The
# place comes from when the caller arrived, not from when we heard of it.
queue sales
  30.0s  c1 arrives in sales
          -> c1 waits at 1
  31.0s  c2 arrives in sales, having waited 20s
          -> c2 waits at 1
  40.0s  alice logs in to sales and is ready
          -> ring alice for c2 (offer 1)
  41.0s  c2 is answered
  61.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 30.0s, talked 20.0s, remembered for alice
          -> ring alice for c1 (offer 1)
