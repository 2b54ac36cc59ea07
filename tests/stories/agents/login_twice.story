# The desktop crashed and logs in again: the agent takes over the own login, with
# the queues it says now.
queue sales
queue support
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in support
          -> c1 waits at 1
   2.0s  alice logs in to support and is ready
          -> ring alice for c1 (offer 1)
   3.0s  c2 arrives in sales
          -> c2 waits at 1
= sales: agents ready 0
= support: agents offered 1
