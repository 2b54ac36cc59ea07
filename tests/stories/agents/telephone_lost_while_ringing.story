# The telephone disappears while it rings: nobody will answer it, so the caller goes
# on at once.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   5.0s  alice has telephone unreachable
          -> stop ringing alice for c1
          -> ring bob for c1 (offer 2)
