# If the agent who missed the call is the only one there is, the caller is brought
# to them again when the exclusion ends; better late than never.
queue sales
rules exclude_for 60s
   0.0s  alice logs in to sales and is ready
   1.0s  c1 arrives in sales
          -> ring alice for c1 (offer 1)
  21.0s  c1 is not answered
          -> c1 waits at 1
  81.0s  time passes
          -> ring alice for c1 (offer 2)
