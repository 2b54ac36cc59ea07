# Where to know the caller is enough, the own agent need not have the skill; anybody else must.
queue sales skips_skills, wait_busy 30s
queue support wait_busy 30s
   0.0s  bob logs in to sales, support with french 3
   1.0s  alice logs in to sales, support and is ready
   2.0s  c1 (known to alice) arrives in sales needs french 2
          -> ring alice for c1 (offer 1, own)
   3.0s  c1 is answered
   4.0s  c2 (known to alice) arrives in sales needs french 2
          -> c2 waits at 1 (for alice, 30.0s more)
   5.0s  c3 (known to alice) arrives in support needs french 2
          -> c3 waits at 1 (other missing_skill)
  20.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 17.0s, remembered for alice
          -> ring alice for c2 (offer 1, own, held out 16.0s)
  21.0s  bob is ready
          -> ring bob for c3 (offer 1, other missing_skill)
