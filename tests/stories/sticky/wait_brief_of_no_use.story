# A brief pause is waited for only by those whom the agent could take after it: not in a queue
# they do not serve, not without the skill, not when this very call was missed, and not when
# their telephone is dead, be it from the start or later.
queue sales wait_brief 60s
queue support wait_brief 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (known to alice) arrives in sales
          -> ring alice for c1 (offer 1, own)
   2.0s  alice pauses briefly
   3.0s  c1 is not answered
          -> c1 waits at 1 (other excluded)
= alice is paused briefly
   4.0s  c2 (known to alice) arrives in support
          -> c2 waits at 1 (other paused)
   5.0s  c3 (known to alice) arrives in sales needs french 1
          -> c3 waits at 2 (other paused)
   6.0s  c4 (known to alice) arrives in sales
          -> c4 waits at 3 (for alice, 60.0s more)
   7.0s  alice has telephone unreachable
          -> c4 waits at 3 (other paused)
   8.0s  c5 (known to alice) arrives in sales
          -> c5 waits at 4 (other paused)
