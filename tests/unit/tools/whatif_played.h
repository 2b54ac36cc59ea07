#ifndef NAJIMI_TESTS_WHATIF_PLAYED_H
#define NAJIMI_TESTS_WHATIF_PLAYED_H

#include "whatif_made.h"
#include "whatif_study.h"

/* A study as if it had been played: four values, the present setting, three presets. */
struct played {
	struct whatif_args args;
	struct whatif_contact contact;
	struct whatif_contacts contacts;
	struct whatif_study study;
};

static inline void played_init(struct played *played)
{
	static const struct whatif_run runs[] = {
		{ WHATIF_IS_VALUE, "value 0", { .value = 0 }, 30.0, 0.19 },
		{ WHATIF_IS_VALUE, "value 100", { .value = SEC(100) }, 30.5, 0.40 },
		{ WHATIF_IS_VALUE, "value 200", { .value = SEC(200) }, 31.0, 0.52 },
		{ WHATIF_IS_VALUE, "value 300", { .value = SEC(300) }, -1, -1 },
		{ WHATIF_IS_PRESENT, "present", { .value = SEC(60) }, 32.4, 0.30 },
		{ WHATIF_IS_PRESET, "neutral", { .value = SEC(60) }, 30.1, 0.33 },
		{ WHATIF_IS_PRESET, "balanced", { .value = SEC(150) }, 30.8, 0.47 },
		{ WHATIF_IS_PRESET, "sticky", { .value = SEC(200) }, 31.5, 0.58 },
	};

	*played = (struct played){ 0 };
	played->contact.arrived_at = MADE_DAWN + HOUR(9);
	played->contacts.list = &played->contact;
	played->contacts.count = 1;
	played->contacts.read = 4000;
	played->study = (struct whatif_study){
		.args = &played->args,
		.site = "main",
		.contacts = &played->contacts,
		.found = { .base = MADE_DAWN,
		           .last = MADE_DAWN + HOUR(240),
		           .calls = 3990,
		           .answered = 3700,
		           .gave_up = 290,
		           .agents = 8,
		           .patience_mean = SEC(300),
		           .ring_mean = SEC(4),
		           .wait_mean = MSEC(31500),
		           .returned = 1000,
		           .own = 250 },
		.alike = true,
		.plays = 3,
		.count_from = HOUR(24 * 7),
	};
	for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
		played->study.runs[i] = runs[i];
		played->study.runs[i].plan.sticky = true;
		played->study.runs[i].plan.policy = POLICY_RATE;
	}
	played->study.runs_count = ARRAY_LEN(runs);
}

#endif
