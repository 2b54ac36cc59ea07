#ifndef LINK_RPC_PARAMS_H
#define LINK_RPC_PARAMS_H

#include "najimi/codec/rpc.h"

/* Why a request is refused: the error object, before it is JSON. */
struct refusal {
	enum rpc_code code;
	const char *reason; /* data.reason: a stable word, a constant */
	char field[80];     /* data.field: the member at fault, "" without */
	char detail[160];   /* data.detail: words for the person who wrote the request */
	usec_t retry_after; /* data.retry_after_ms; 0 when a retry cannot help */
};

/* Fills it and returns false, so that a refusal reads as one statement. */
bool refuse(struct refusal *ret, enum rpc_code code, const char *reason, const char *field,
            const char *fmt, ...) PRINTF(5, 6);
/* What the store could not do: -EBUSY, too many others ask for `what`; -ENOTCONN; else -ENOMEM. */
bool refuse_store(struct refusal *ret, int outcome, const char *what);

/* The members of one object, taken by name and type. Each function returns false
 * and fills the refusal (-32602, field and all) when the member is not what was
 * wanted. A member that is absent or null leaves *ret alone, and so does an empty
 * text where a text is optional: dialplans send unset variables that way. */
struct params {
	const struct json *object; /* NULL: there are none */
	const char *prefix;        /* of data.field: "skills[2]." */
	struct refusal *refusal;
};

enum presence {
	OPTIONAL,
	REQUIRED
};

/* NULL when absent or null. */
const struct json *params_find(const struct params *params, const char *name);
bool params_refuse(const struct params *params, const char *name, const char *reason,
                   const char *fmt, ...) PRINTF(4, 5);

#define ID_BYTES_MAX 128
bool params_id(const struct params *params, const char *name, enum presence presence,
               const char **ret);
bool params_text(const struct params *params, const char *name, size_t bytes_max,
                 enum presence presence, const char **ret);
bool params_int(const struct params *params, const char *name, int64_t min, int64_t max,
                enum presence presence, int64_t *ret);
bool params_bool(const struct params *params, const char *name, bool *ret);
/* One of `words` (NULL ends them): its place. */
bool params_word(const struct params *params, const char *name, const char *const *words,
                 enum presence presence, int *ret);
bool params_instant(const struct params *params, const char *name, usec_t *ret);
/* NULL in *ret when absent. */
bool params_array(const struct params *params, const char *name, size_t count_max,
                  enum presence presence, const struct json **ret);
bool params_object(const struct params *params, const char *name, enum presence presence,
                   const struct json **ret);

#endif
