# Callers of a tier count as that much older in the whole line, under every policy; a tier that
# nobody has described gives nothing.
rules tier 1 head_start 30s, tier 2
queue sales policy fixed
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  10.0s  c2 arrives in sales
          -> c2 waits at 1
  20.0s  c3 arrives in sales tier 2
          -> c3 waits at 2
  30.0s  c4 (tier 1) arrives in sales
          -> c4 waits at 1
  31.0s  c5 arrives in sales tier 7
          -> c5 waits at 4
= c4 is waiting at 1 tier 1
= c2 is waiting at 2
= c3 is waiting at 3
  35.0s  c5 changes to tier 1
          -> c5 waits at 2
  60.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 58.0s, remembered for alice
          -> ring alice for c4 (offer 1)
  61.0s  c4 is answered
  80.0s  c4 hangs up
          -> c4 ends: answered by alice, waited 31.0s, talked 19.0s, tier 1, remembered for alice
          -> ring alice for c5 (offer 1)
