# A report that the caller talks with somebody who is on another call cannot be true;
# it is refused and nothing changes.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   3.0s  c1 is answered
   4.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
   5.0s  c1 is transferred to bob by consult
          -> refused: wrong_state
= c1 is talking with alice
= bob is offered
