# Somebody who waits for a rare skill does not hold up the line: those whom the
# agent can serve go ahead, and the rare agent takes the first in line all the same.
queue sales
   0.0s  c1 arrives in sales needs french 1
          -> c1 waits at 1
   1.0s  c2 arrives in sales
          -> c2 waits at 2
   2.0s  alice logs in to sales and is ready
          -> ring alice for c2 (offer 1)
   3.0s  c3 arrives in sales
          -> c3 waits at 2
   4.0s  bob logs in to sales with french 1 and is ready
          -> ring bob for c1 (offer 1)
