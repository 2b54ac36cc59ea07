# The menu asks for the customer's number while the caller waits already: the own
# agent is found then.
queue sales wait_busy 20s
   0.0s  alice logs in to sales and is ready
   1.0s  c0 arrives in sales
          -> ring alice for c0 (offer 1)
   2.0s  c0 is answered
   3.0s  c1 (withheld) arrives in sales
          -> c1 waits at 1 (new no_identity)
   8.0s  c1 changes to caller (known to alice 2d ago)
          -> c1 waits at 1 (new no_identity)
          -> c1 waits at 1 (for alice, 20.0s more)
