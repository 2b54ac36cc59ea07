# Being known is no substitute for speaking the language.
queue sales
   0.0s  alice logs in to sales with french 3 and is ready
   1.0s  bob logs in to sales with french 8 and is ready
   2.0s  c1 (known to alice) arrives in sales needs french 5
          -> ring bob for c1 (offer 1, other missing_skill)
