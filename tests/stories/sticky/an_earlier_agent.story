# The agent spoken to last is gone, and the longest idle happens to be one the
# caller has met before: that is told as "known".
queue sales
   0.0s  bob logs in to sales and is ready
   1.0s  c1 (known to alice 1d ago, bob 2d ago) arrives in sales
          -> ring bob for c1 (offer 1, known)
