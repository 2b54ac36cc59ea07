# The own agent was paused because of misses: the reason that is given says so, for
# whoever asks why reunions fail.
queue sales
rules no_answer 1
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  21.0s  c1 is not answered
          -> c1 waits at 1
  22.0s  bob logs in to sales and is ready
          -> ring bob for c1 (offer 2)
  23.0s  carol logs in to sales and is ready
  24.0s  c2 (known to alice) arrives in sales
          -> ring carol for c2 (offer 1, other rona)
