# The daemon dies while the store is being asked who the caller is. Nobody has been
# told anything: the telephony system asks again, and the call is new.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  the store is silent
   2.0s  c1 (known to alice) arrives in sales
= c1 is recalling
  2.02s  the daemon restarts
= c1 is gone
   3.0s  the store speaks
   3.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
