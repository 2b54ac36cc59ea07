# The own agent did not answer this very call: on to the next, without waiting for
# somebody who has just been asked.
queue sales wait_busy 60s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
  22.0s  c1 is not answered
          -> ring bob for c1 (offer 2, other excluded)
