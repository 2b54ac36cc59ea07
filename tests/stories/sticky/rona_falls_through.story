# The own agent does not answer: the caller goes on to somebody else at once and is not brought
# back to that agent, who is paused for it. The next caller of theirs hears why.
rules no_answer 1
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
  20.0s  c1 is not answered
          -> ring bob for c1 (offer 2, other excluded)
= alice for c1: paused
  21.0s  c1 is answered
  22.0s  c2 (known to alice) arrives in sales
          -> c2 waits at 1 (other rona)
  23.0s  alice is ready
          -> ring alice for c2 (offer 1, own)
  24.0s  c2 is answered
