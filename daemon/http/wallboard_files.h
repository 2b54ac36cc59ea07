#ifndef NAJIMI_HTTP_WALLBOARD_FILES_H
#define NAJIMI_HTTP_WALLBOARD_FILES_H

#include <stddef.h>

/* What the page is made of, as it was built: wallboard/embed.cmake makes the table. */
struct wallboard_file {
	const char *name;     /* "main.js"; pages: "page.LANGUAGE" */
	const char *type;     /* Content-Type */
	const char *etag;     /* with its quotes; of the bytes */
	const char *etag_zip; /* of the compressed ones: another representation, another tag */
	const unsigned char *bytes, *zip;
	size_t length, zip_length;
};

extern const struct wallboard_file wallboard_files[];
extern const size_t wallboard_files_count;
extern const char wallboard_files_edition[]; /* a digest of them all */

#endif
