# With wait_busy 0 the own agent is taken when ready this second, and otherwise
# anyone: "loose" stickiness.
queue sales wait_busy 0
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  bob logs in to sales and is ready
   3.0s  c2 (known to alice) arrives in sales
          -> ring bob for c2 (offer 1, other busy)
