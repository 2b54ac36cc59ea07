#ifndef LINK_RPC_CALLERS_H
#define LINK_RPC_CALLERS_H

#include "najimi/codec/identity.h"
#include "rpc_methods.h"

struct caller_words;

/* Callers: what is remembered of them, and what people say of them. */
rpc_handler_fn caller_get, caller_pin, caller_exclude, caller_note, caller_forget;
rpc_handler_fn contact_outbound;

/* Whose key the words mean, for those who may know. */
bool callers_find_key(struct exchange *x, const struct caller_words *words,
                      char ret_key[IDENTITY_SIZE]);

/* The store's answers to caller_get and caller_forget. */
void callers_read(struct link *link, uint64_t request, int outcome, struct text json);
void callers_forgotten(struct link *link, uint64_t request, int outcome, uint64_t contacts);

#endif
