# A telephony system that forgets to report must not leave a caller ringing for
# ever: some seconds after the ring time the offer is withdrawn by ourselves and
# counts as missed.
queue sales ring 15s
rules ring_grace 5s
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  22.0s  time passes
          -> stop ringing alice for c1 (missed)
          -> ring bob for c1 (offer 2)
= sales: misses no_answer 1
  23.0s  c1 is answered offer 1
          -> refused: stale_offer
  24.0s  c1 is answered offer 2
