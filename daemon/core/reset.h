#ifndef CORE_RESET_H
#define CORE_RESET_H

#include "state.h"

/* Empties the core: as core_new() made it. */
void core_reset(struct core *core);

#endif
