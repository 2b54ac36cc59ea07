#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "metrics.h"

/* The families every Prometheus client library has, under their usual names. */

static usec_t of_timeval(struct timeval tv)
{
	return (usec_t)tv.tv_sec * SEC(1) + (usec_t)tv.tv_usec;
}

static void show_cpu(struct exposition *out)
{
	static const struct family family = {
		.name = "process_cpu_seconds",
		.kind = FAMILY_COUNTER,
		.unit = "seconds",
		.help = "Processor time spent, user and system.",
	};
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) < 0)
		return;
	exposition_family(out, &family);
	exposition_seconds(out, NO_LABELS, of_timeval(usage.ru_utime) + of_timeval(usage.ru_stime));
}

static void show_memory(struct exposition *out)
{
	static const struct family virtual = {
		.name = "process_virtual_memory_bytes",
		.kind = FAMILY_GAUGE,
		.unit = "bytes",
		.help = "Address space in use.",
	};
	static const struct family resident = {
		.name = "process_resident_memory_bytes",
		.kind = FAMILY_GAUGE,
		.unit = "bytes",
		.help = "Memory in use.",
	};
	unsigned long long total = 0, present = 0;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	FILE *file = fopen("/proc/self/statm", "re");
	int read;

	if (file == NULL)
		return;
	read = fscanf(file, "%llu %llu", &total, &present);
	fclose(file);
	if (read != 2)
		return;
	exposition_family(out, &virtual);
	exposition_number(out, NO_LABELS, total * page);
	exposition_family(out, &resident);
	exposition_number(out, NO_LABELS, present * page);
}

static void show_files(struct exposition *out)
{
	static const struct family open_files = {
		.name = "process_open_fds",
		.kind = FAMILY_GAUGE,
		.help = "File descriptors in use.",
	};
	static const struct family max_files = {
		.name = "process_max_fds",
		.kind = FAMILY_GAUGE,
		.help = "File descriptors allowed.",
	};
	DIR *folder = opendir("/proc/self/fd");
	struct rlimit limit;
	uint64_t count = 0;

	if (folder != NULL) {
		for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
			count += entry->d_name[0] != '.';
		closedir(folder);
		exposition_family(out, &open_files);
		exposition_number(out, NO_LABELS, count - 1); /* without the folder itself */
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		exposition_family(out, &max_files);
		exposition_number(out, NO_LABELS, limit.rlim_cur);
	}
}

static void show_start(struct exposition *out, const struct meters *meters)
{
	static const struct family family = {
		.name = "process_start_time_seconds",
		.kind = FAMILY_GAUGE,
		.unit = "seconds",
		.help = "When the daemon started, since the Unix epoch.",
	};

	exposition_family(out, &family);
	exposition_seconds(out, NO_LABELS, meters->started_at);
}

void metrics_process(struct exposition *out, const struct meters *meters)
{
	show_start(out, meters);
	show_cpu(out);
	show_memory(out);
	show_files(out);
}
