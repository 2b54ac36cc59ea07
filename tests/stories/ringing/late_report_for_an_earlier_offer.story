# Reports cross on the wire. One that names an earlier offer must not touch the
# present one: two agents would believe they have the caller.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   8.0s  c1 fails: busy
          -> ring bob for c1 (offer 2)
   8.1s  c1 rings offer 1
          -> refused: stale_offer
   8.2s  c1 fails: no_answer offer 1
          -> refused: stale_offer
   8.3s  c1 is answered offer 1
          -> refused: stale_offer
= bob is offered
   9.0s  c1 is answered
= c1 is talking with bob offer 2
   9.1s  c1 fails: no_answer
          -> refused: wrong_state
