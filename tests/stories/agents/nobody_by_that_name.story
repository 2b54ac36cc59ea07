# Whoever was never logged in cannot be ready, and says so clearly.
queue sales
   0.0s  zoe is ready
          -> refused: unknown_agent
   0.0s  zoe pauses
          -> refused: unknown_agent
   0.0s  zoe logs out
          -> refused: unknown_agent
   0.0s  zoe extends wrapup by 5s
          -> refused: unknown_agent
   0.0s  zoe has telephone busy
          -> refused: unknown_agent
