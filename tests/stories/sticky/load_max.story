# An own agent who was on calls for more than nine tenths of the last hours is not made busier
# still: not waited for, not preferred, and takes callers in their turn. After a while she is again.
queue sales load_max 900
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
   2.0s  c1 is answered
   3.0s  bob logs in to sales
1800.0s  c2 arrives in sales
          -> c2 waits at 1
1801.0s  c3 (known to alice) arrives in sales
          -> c3 waits at 2 (other overloaded)
1802.0s  c1 hangs up
          -> c1 ends: answered by alice, waited 1.0s, talked 1800.0s, remembered for alice
          -> ring alice for c2 (offer 1)
1804.0s  c2 is answered
1805.0s  bob is ready
          -> ring bob for c3 (offer 1, other overloaded)
1807.0s  c3 is answered
1850.0s  c2 hangs up
          -> c2 ends: answered by alice, waited 4.0s, talked 46.0s, remembered for alice
1860.0s  c3 hangs up
          -> c3 ends: answered by bob, waited 6.0s, talked 53.0s, remembered for bob
1865.0s  alice pauses
1866.0s  alice is ready
1867.0s  c5 (known to alice) arrives in sales
          -> ring bob for c5 (offer 1, other overloaded)
1868.0s  c5 is answered
1880.0s  c5 hangs up
          -> c5 ends: answered by bob, waited 1.0s, talked 12.0s
2402.0s  alice pauses
2403.0s  alice is ready
2404.0s  c6 (known to alice) arrives in sales
          -> ring alice for c6 (offer 1, own)
