# An agent who misses call after call is not there. After the configured number of
# misses in a row the agent is paused (RONA), so that callers do not ring at an
# empty chair.
queue sales
rules no_answer 2
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  21.0s  c1 is not answered
          -> c1 waits at 1
  22.0s  c2 arrives in sales
          -> ring alice for c2 (offer 1)
  42.0s  c2 is not answered
          -> c2 waits at 2
= alice is paused because rona
  50.0s  c3 arrives in sales
          -> c3 waits at 3
  60.0s  alice is ready
          -> ring alice for c3 (offer 1)
= alice is offered
