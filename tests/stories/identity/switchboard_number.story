# A company's switchboard stands for many people: bringing them all to one agent
# would be no service to any of them.
queue sales
   0.0s  alice logs in to sales and is ready
   1.0s  c1 (a company) arrives in sales
          -> ring alice for c1 (offer 1, new shared_number)
