#ifndef LINK_AGI_LINK_H
#define LINK_AGI_LINK_H

#include "agi_talk.h"

/* FastAGI's listener and connections. Asterisk connects once for each AGI() of the dialplan; a
 * caller who waits is one connection that stays open and costs nothing meanwhile. */

/* What is said and asked at first; kept until the core has the caller. */
struct agi_asking {
	bool whole;   /* the environment */
	bool waiting; /* for the daemon to be ready */
	struct agi_env env;
	struct agi_request request;
};

enum agi_order_kind {
	ORDER_DECISION, /* of the core, on the call */
	ORDER_TELL,     /* likewise: the caller is to hear where they stand */
	ORDER_END,      /* the call is over */
	ORDER_RESULT    /* of what an agent has dialled */
};

/* What leaves when Redis has it: through gateway_put() and back. */
struct agi_order {
	enum agi_order_kind kind;
	struct call_id call;
	struct decision decision;
	enum core_reply code;
};

/* Why a call ends while we hold the caller: what the dialplan is told then. */
enum agi_ending {
	ENDING_OTHER, /* not by us */
	ENDING_GONE,  /* the caller hung up */
	ENDING_LEFT,  /* the caller pressed a digit */
	ENDING_AGAIN  /* another caller is in their place, and shall ask for themselves */
};

struct agi_conn {
	struct agi *agi;
	struct stream *stream;
	uint64_t peer;
	struct asterisk_server *server;
	struct agi_lines lines;
	struct agi_asking *asking; /* NULL: not any more */
	enum agi_script_kind kind;
	struct talk talk;
	struct event *alarm;
	usec_t alarm_at; /* USEC_NEVER: it is not set */
	usec_t until;    /* of the request, of leaving, of hanging up: then it has taken too long */
	bool held;       /* the inbox is full: nothing is read */
	bool ended;      /* Asterisk has sent its last byte */
	bool closing;
	bool settled;    /* the last order for this caller is on its way */
	const char *why; /* it closes; a constant */

	/* ROUTE: whom it holds */
	struct asterisk_call *call; /* NULL: nobody yet, or not any more */
	struct call_id call_id;     /* of `call`, also when that is over */
	queue_index queue;
	enum agi_ending ending;
	char digit;
	bool has_later; /* came while we dialled: carried out when that is over */
	struct agi_order later;

	/* AGENT */
	enum agent_act act;
	enum confirmation confirm;
};

struct agi {
	struct asterisk *asterisk;
	struct listener *listener;
	struct pool pool;
	struct agi_conn **conns; /* by slot */
	uint32_t conns_max, conns_used;
	struct agi_command command; /* what is being written */
};

/* NULL: it is gone. */
struct agi_conn *agi_conn_find(const struct agi *agi, uint64_t peer);

/* Says what is to be said now, sets the alarm, closes what is over. After every order, and
 * after every line. */
void agi_conn_continue(struct agi_conn *conn);

/* Without more ado; `why` is a constant. */
void agi_conn_close(struct agi_conn *conn, const char *why);

/* Something no Asterisk does, or no configuration should: counted, said in the log, closed. */
void agi_conn_fail(struct agi_conn *conn, const char *reason);

/* For the log. */
const char *agi_conn_channel(const struct agi_conn *conn);

/* Where the caller waits: NULL is nowhere. */
const struct queue_options *agi_conn_queue(const struct agi_conn *conn);

#endif
