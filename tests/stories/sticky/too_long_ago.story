# After the window an old contact does not bind any more; the reason is kept, so
# that the window can be judged.
queue sales window 7d
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to bob 8d ago) arrives in sales
          -> ring alice for c1 (offer 1, new expired)
   3.0s  c2 (known to bob 7d ago) arrives in sales
          -> ring bob for c2 (offer 1, own)
