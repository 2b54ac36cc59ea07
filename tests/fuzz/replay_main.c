/* Plays a corpus through a fuzz target without a fuzzer: every file of the folders
 * and every file named, each against an unreadable page. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (1 << 20)

/* The end of `area` is the last readable byte; returns false and says why when the
 * file cannot be had. */
static int play_file(const char *path, uint8_t *area)
{
	static uint8_t bytes[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	size = fread(bytes, 1, sizeof(bytes), file);
	if (ferror(file) || !feof(file)) {
		fprintf(stderr, "%s: cannot be read whole\n", path);
		fclose(file);
		return -1;
	}
	fclose(file);
	memcpy(area + INPUT_MAX - size, bytes, size);
	LLVMFuzzerTestOneInput(area + INPUT_MAX - size, size);
	return 1;
}

/* How many inputs were played, or -1. */
static int play(const char *path, uint8_t *area)
{
	struct dirent **entries;
	struct stat info;
	char name[4096];
	int count, played = 0;

	if (stat(path, &info) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(info.st_mode))
		return play_file(path, area);

	count = scandir(path, &entries, NULL, alphasort);
	if (count < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && played >= 0) {
			int more;

			snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
			more = play(name, area);
			played = more < 0 ? -1 : played + more;
		}
		free(entries[i]);
	}
	free(entries);
	return played;
}

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *area;
	int total = 0;

	area = mmap(NULL, INPUT_MAX + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	            0);
	if (area == MAP_FAILED || mprotect(area + INPUT_MAX, page, PROT_NONE) < 0) {
		perror("memory");
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		int played = play(argv[i], area);

		if (played < 0)
			return 1;
		total += played;
	}
	printf("%d inputs played\n", total);
	return total > 0 ? 0 : 1; /* a corpus that is not there proves nothing */
}
