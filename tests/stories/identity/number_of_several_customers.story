# The store has seen this number with different customers: it is not one person,
# and whoever it knew is not followed.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (a mixed number) arrives in sales
          -> ring alice for c1 (offer 1, new shared_number)
