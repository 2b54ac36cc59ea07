#ifndef NAJIMI_TOOLS_REPLAY_ARGS_H
#define NAJIMI_TOOLS_REPLAY_ARGS_H

#include "play.h"

/* What najimi-replay was asked to do. Texts point into argv, but for agents_path. */
struct replay_args {
	const char *calls_path;
	char *agents_path; /* given, or guessed from the calls' name */
	bool help, version, json, compare, print_config, through;
	char policy[64];
	struct queue_plan plan;  /* how callers are routed */
	unsigned from_day, days; /* from 1; days 0: to the end */
	int warm_up;             /* days; -1: not said */
	unsigned known_max;
	usec_t service_level, short_abandon;
	struct world_rules rules;
	struct through target;
};

int replay_args_parse(struct replay_args *args, int argc, char **argv, struct err *err) MUST_CHECK;
void replay_args_done(struct replay_args *args);
void replay_args_help(FILE *out);

/* Takes a word that replay_policy_set() understands, and keeps it for the report. */
int replay_args_set_policy(struct replay_args *args, const char *word, struct err *err) MUST_CHECK;

#endif
