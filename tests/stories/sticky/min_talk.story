# A wrong number, put right within seconds, does not make an agent the caller's own; a talk of
# min_talk does.
queue sales min_talk 15s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
  16.9s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 14.9s
  20.0s  bob logs in to sales
  21.0s  c2 (c1 again) arrives in sales
          -> ring alice for c2 (offer 1)
  22.0s  c2 is answered
  37.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 1.0s, talked 15.0s, remembered for alice
  38.0s  c3 (c1 again) arrives in sales
          -> ring alice for c3 (offer 1, own)
