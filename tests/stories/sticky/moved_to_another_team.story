# The own agent does not serve this queue any more: no wait.
queue sales
queue support
   0.0s  alice logs in to support and is ready
   1.0s  bob logs in to sales and is ready
   2.0s  c1 (known to alice) arrives in sales
          -> ring bob for c1 (offer 1, other not_member)
