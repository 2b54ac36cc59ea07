# How long it will take is told once it is known, after five talks, and never becomes more: with bob
# away it is twice as long, and the caller hears no more than before.
queue sales tell_after 10s, tell_every 30s, wrapup 0s
   0.0s  alice logs in to sales and is ready
   0.0s  bob logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   1.0s  c1 is answered
  61.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 0.0s, talked 60.0s, remembered for alice
  62.0s  c2 arrives in sales
          -> ring bob for c2 (offer 1)
  62.0s  c2 is answered
 122.0s  c2 hangs up
          -> c2 ends: answered by bob, waited 0.0s, talked 60.0s, remembered for bob
 123.0s  c3 arrives in sales
          -> ring alice for c3 (offer 1)
 123.0s  c3 is answered
 183.0s  c3 hangs up
          -> c3 ends: answered by alice, waited 0.0s, talked 60.0s, remembered for alice
 184.0s  c4 arrives in sales
          -> ring bob for c4 (offer 1)
 184.0s  c4 is answered
 244.0s  c4 hangs up
          -> c4 ends: answered by bob, waited 0.0s, talked 60.0s, remembered for bob
 245.0s  c5 arrives in sales
          -> ring alice for c5 (offer 1)
 245.0s  c5 is answered
 305.0s  c5 hangs up
          -> c5 ends: answered by alice, waited 0.0s, talked 60.0s, remembered for alice
 306.0s  c6 arrives in sales
          -> ring bob for c6 (offer 1)
 306.0s  c6 is answered
 307.0s  c7 arrives in sales
          -> ring alice for c7 (offer 1)
 307.0s  c7 is answered
 310.0s  c8 arrives in sales
          -> c8 waits at 1
 320.0s  time passes
          -> tell c8: place 1, 30.0s to wait
 322.0s  bob logs out
 323.0s  c6 hangs up
          -> c6 ends: answered by bob, waited 0.0s, talked 17.0s, remembered for bob
 350.0s  time passes
          -> tell c8: place 1, 30.0s to wait
= sales: waiting 1
