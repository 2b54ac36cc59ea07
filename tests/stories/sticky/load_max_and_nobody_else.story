# An own agent who is busier than they are to be made takes callers in their turn: also one whom only
# they may take, because to know the caller is enough. Else both would go on waiting.
queue sales load_max 900, skips_skills
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
1802.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 1800.0s, remembered for alice
1803.0s  c2 (known to alice) arrives in sales needs french 2
          -> ring alice for c2 (offer 1, own)
