#ifndef NAJIMI_STORE_NAJIMI_LUA_H
#define NAJIMI_STORE_NAJIMI_LUA_H

#include <stddef.h>

/* The Redis Functions of najimi.lua and fcr.lua, made into C by the build. */
extern const char najimi_lua[];
extern const size_t najimi_lua_length;

/* najimi.lua's VERSION. */
#define NAJIMI_LUA_VERSION "12"

#endif
