# cmake -DFROM=FILE [-DMORE=FILE] -DTO=FILE.c -DNAME=SYMBOL -P embed.cmake: a file, with
# another one behind it, as bytes in C.
file(READ ${FROM} hex HEX)
if(MORE)
  file(READ ${MORE} more HEX)
  string(APPEND hex ${more})
endif()
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
  "\t\\1\n" bytes "${bytes}")
get_filename_component(file ${FROM} NAME)
file(WRITE ${TO} "/* Made from ${file}. */
#include <stddef.h>

extern const char ${NAME}[];
extern const size_t ${NAME}_length;

const char ${NAME}[] = {
${bytes}
	0
};
const size_t ${NAME}_length = sizeof(${NAME}) - 1;
")
