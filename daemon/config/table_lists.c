/* Elements of lists: agents, clients. */
#include "table.h"

static const struct option_row agent_rows[] = {
	{ .path = "name",
	  .kind = OPTION_TEXT,
	  IN_AGENT(name),
	  .fallback = "",
	  .max = NAME_MAX_BYTES,
	  .reload = true,
	  .doc = "The agent's name, as in agent.login. Required." },
	{ .path = "target",
	  .kind = OPTION_TEXT,
	  IN_AGENT(target),
	  .fallback = "",
	  .max = 256,
	  .reload = true,
	  .doc = "What the telephony system dials: PJSIP/alice, user/1001, "
	         "sip:alice@example.com." },
	{ .path = "team",
	  .kind = OPTION_TEXT,
	  IN_AGENT(team),
	  .fallback = "",
	  .max = NAME_MAX_BYTES,
	  .reload = true,
	  .doc = "Name of the agent's team, any that several agents share. sticky.team prefers "
	         "colleagues of the own agent. Empty: none." },
	{ .path = "queues",
	  .kind = OPTION_QUEUES,
	  IN_AGENT(queues),
	  .fallback = "",
	  .reload = true,
	  .doc = "Names of the queues the agent serves, 64 at most." },
	{ .path = "skills",
	  .kind = OPTION_LEVELS,
	  IN_AGENT(skills),
	  .fallback = "",
	  .min = 1,
	  .max = UINT8_MAX,
	  .reload = true,
	  .doc = "Skills the agent has and how well: { german = 5; billing = 2; }." },
};
const struct option_table table_agent = { SCOPE_AGENT, agent_rows, ARRAY_LEN(agent_rows) };

/* In the order of enum client_role; "" is a role that has not been given. */
static const char *const client_roles[] = { "", "pbx", "agent", "supervisor", "observer", NULL };

static const struct option_row client_rows[] = {
	{ .path = "name",
	  .kind = OPTION_TEXT,
	  IN_CLIENT(name),
	  .fallback = "",
	  .max = NAME_MAX_BYTES,
	  .reload = true,
	  .doc = "The client.name that session.open must give; * is any. Required." },
	{ .path = "role",
	  .kind = OPTION_CHOICE,
	  IN_CLIENT(role),
	  .fallback = "",
	  .words = client_roles,
	  .reload = true,
	  .doc = "What the client may do: pbx reports calls, agent speaks for one agent, "
	         "supervisor "
	         "may do everything, observer only reads. Required." },
	{ .path = "token",
	  .kind = OPTION_SECRET,
	  IN_CLIENT(token),
	  .fallback = "",
	  .max = 256,
	  .reload = true,
	  .doc = "The secret itself. One of token, token_sha256 and token_file is required." },
	{ .path = "token_sha256",
	  .kind = OPTION_TEXT,
	  IN_CLIENT(token_sha256),
	  .fallback = "",
	  .max = 64,
	  .form = form_sha256,
	  .reload = true,
	  .doc = "SHA-256 of the secret, 64 hexadecimal digits, so that the file need not hold it. "
	         "Only for "
	         "secrets too long to guess." },
	{ .path = "token_file",
	  .kind = OPTION_TEXT,
	  IN_CLIENT(token_file),
	  .fallback = "",
	  .max = 1024,
	  .reload = true,
	  .doc = "File that holds nothing but the secret, named as redis.password_file is." },
	{ .path = "agent",
	  .kind = OPTION_TEXT,
	  IN_CLIENT(agent),
	  .fallback = "",
	  .max = NAME_MAX_BYTES,
	  .reload = true,
	  .doc = "The agent whom a client with the role agent speaks for. Required there, refused "
	         "elsewhere." },
	{ .path = "pii",
	  .kind = OPTION_BOOL,
	  IN_CLIENT(pii),
	  .fallback = "false",
	  .reload = true,
	  .doc = "Whether an observer, or an HTTP client, may see callers' numbers." },
};
const struct option_table table_client = { SCOPE_CLIENT, client_rows, ARRAY_LEN(client_rows) };
