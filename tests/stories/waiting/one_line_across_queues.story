# An agent of two queues serves one line: who came first is first, whichever queue
# they are in. Otherwise a small queue would starve beside a big one.
queue sales
queue support
   0.0s  c1 arrives in support
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> c2 waits at 1
   2.0s  c3 arrives in support priority 1
          -> c3 waits at 1
   5.0s  alice logs in to sales, support and is ready
          -> ring alice for c3 (offer 1)
   6.0s  bob logs in to sales, support and is ready
          -> ring bob for c1 (offer 1)
   7.0s  carol logs in to support and is ready
   8.0s  dave logs in to sales and is ready
          -> ring dave for c2 (offer 1)
