#ifndef LINK_AMI_LINE_H
#define LINK_AMI_LINE_H

#include "najimi/codec/ami.h"
#include "najimi/config/options.h"

/* One connection to a manager interface at a time: found, opened, with or without TLS, cut into
 * messages. What is said on it is not known here. */
struct ami_line;
struct event_base;

struct ami_line_hooks {
	/* Something can be said from now on; with TLS the other side has yet to prove itself
	 * before it hears it. */
	void (*opened)(void *arg);
	void (*greeted)(struct text banner, void *arg);
	/* False: not now; it is shown again after ami_line_resume(). */
	bool (*message)(const struct ami_message *message, void *arg);
	/* It could not be opened, or is gone: once for each ami_line_open(). `answered`: somebody
	 * was there. */
	void (*lost)(const char *why, bool answered, void *arg);
	void *arg;
};

/* Where to, and how: what of a server's options it takes. Texts are copied. */
struct ami_target {
	const char *address; /* "HOST:PORT" */
	bool tls;
	const char *ca_file;
};

struct ami_line *ami_line_new(struct event_base *base, const struct ami_line_hooks *hooks);
struct ami_line *ami_line_free(struct ami_line *line); /* not from inside a hook */

/* Opens it, after having closed what was open. `lost` may be called at once. */
void ami_line_open(struct ami_line *line, const struct ami_target *target, usec_t connect_max);
void ami_line_close(struct ami_line *line); /* `lost` is not called */

void ami_line_say(struct ami_line *line, struct text action);
void ami_line_resume(struct ami_line *line);

#endif
