# Who comes back soon keeps the first clock. By it the threshold has passed when they are
# sent on, though all of it happens in the instant in which the store knows them.
queue sales policy strict, absent_overflows, overflows, service_level 20s, short_abandon 5s
rules resume_max 2m
   0.0s  alice logs in to sales
 100.0s  c1 (known to alice, left sales 20s ago having waited 5s) arrives in sales
          -> overflow c1 (own_away, other paused)
          -> c1 ends: overflow, waited 25.0s
 110.0s  c2 (known to alice) arrives in sales
          -> overflow c2 (own_away, other paused)
          -> c2 ends: overflow, waited 0.0s
= sales: resumed 1, overflow 2, service level 0 of 1
