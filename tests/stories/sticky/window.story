# A contact counts within the window, to the very end of it; a moment later the caller is new
# again, and it is said why.
queue sales window 7d
   0.0s  bob logs in to sales and is ready
   1.0s  alice logs in to sales and is ready
   2.0s  c1 (known to alice 7d ago) arrives in sales
          -> ring alice for c1 (offer 1, own)
   3.0s  c1 is answered
   4.0s  c2 (known to alice 8d ago, bob 9d ago) arrives in sales
          -> ring bob for c2 (offer 1, new expired)
   5.0s  c2 is answered
   6.0s  c3 (known to alice 6d ago, bob 9d ago) arrives in sales
          -> c3 waits at 1 (for alice, 20.0s more)
