# A pin names the caller's own agent, whoever was met last, and however long ago: the account
# manager. After another talk it is still so.
queue sales window 7d
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (pinned to bob 400d ago, known to alice 1d ago) arrives in sales
          -> ring bob for c1 (offer 1, own)
   3.0s  c1 is answered
   4.0s  c2 (known to bob 400d ago, alice 1d ago) arrives in sales
          -> ring alice for c2 (offer 1, own)
   5.0s  c2 is answered
   6.0s  carol logs in to sales and is ready
   7.0s  c3 (pinned to bob, known to alice) arrives in sales
          -> c3 waits at 1 (for bob, 20.0s more)
  10.0s  c1 hangs up
          -> c1 ends: answered by bob, waited 1.0s, talked 7.0s
          -> ring bob for c3 (offer 1, own, held out 3.0s)
  27.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 1.0s, talked 22.0s, remembered for alice
  28.0s  c3 is not answered
          -> ring carol for c3 (offer 2, other excluded, held out 3.0s)
  29.0s  c3 is answered
  50.0s  c3 hangs up
          -> c3 ends: answered by carol, waited 22.0s, talked 21.0s, extra wait 3.0s, remembered for carol
  51.0s  c4 (c3 again) arrives in sales
          -> ring bob for c4 (offer 1, own)
