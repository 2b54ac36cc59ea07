#ifndef NAJIMI_TOOLS_RPC_CONNECT_H
#define NAJIMI_TOOLS_RPC_CONNECT_H

#include "najimi/base/err.h"

/* A TCP connection to "HOST:PORT" or "[ADDRESS]:PORT": each of the host's addresses
 * in turn, until `until` (clock_monotonic). The caller owns *ret_fd, which does not
 * block. -EINVAL for an unusable address, -ENOENT for a host nobody knows, else
 * what connect(2) said of the last one, or -ETIMEDOUT. */
int rpc_connect(const char *address, usec_t until, int *ret_fd, struct err *err) MUST_CHECK;

/* Waits until the socket can be read (POLLIN) or written (POLLOUT). 0, -ETIMEDOUT,
 * or what poll(2) said. */
int rpc_wait(int fd, short what, usec_t until) MUST_CHECK;

#endif
