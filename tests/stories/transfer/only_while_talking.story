# What has not been answered cannot be handed on.
queue sales
   0.0s  c1 arrives in sales
          -> c1 waits at 1
   1.0s  c1 is transferred to queue sales
          -> refused: wrong_state
   2.0s  c1 is held
          -> refused: wrong_state
   3.0s  c1 is retrieved
          -> refused: wrong_state
