# A caller who needs a language is rung through to those who speak it well enough,
# however long others have been idle.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  bob logs in to sales with french 2 and is ready
   2.0s  carol logs in to sales with french 7, german 5 and is ready
   3.0s  c1 arrives in sales needs french 5
          -> ring carol for c1 (offer 1)
   4.0s  c2 arrives in sales needs french 5
          -> c2 waits at 1
= alice for c2: missing_skill
= bob for c2: missing_skill
= carol for c2: not_ready
   5.0s  c3 arrives in sales needs french 1, needs german 1
          -> c3 waits at 2
