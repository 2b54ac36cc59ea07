# When one agent does not answer and another is there, the caller goes on at once:
# they have waited long enough.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  22.0s  c1 is not answered
          -> ring bob for c1 (offer 2)
  25.0s  c1 is answered
= c1 is talking with bob
= alice is ready
