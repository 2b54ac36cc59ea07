# cmake -DTO=FILE.c -DFOLDER=FOLDER -DNAMES=a,b -P embed.cmake: each FOLDER/NAME and its
# FOLDER/NAME.gz as a row of wallboard_files (../wallboard_files.h).
string(REPLACE "," ";" names "${NAMES}")

function(type_of name ret)
  if(name MATCHES "^page\\.[a-z][a-z]$")
    set(type "text/html; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "${name}: a file of no type we know")
  endif()
  set(${ret} "${type}" PARENT_SCOPE)
endfunction()

function(bytes_of file symbol ret)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
    "\t\\1\n" bytes "${bytes}")
  # C wants one element at least.
  set(${ret} "static const unsigned char ${symbol}[] = {\n${bytes}0\n};\n" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(digests "")
set(number 0)
foreach(name IN LISTS names)
  set(file ${FOLDER}/${name})
  type_of(${name} type)
  file(SHA256 ${file} digest)
  string(APPEND digests "${name} ${digest}\n")
  string(SUBSTRING ${digest} 0 20 tag)
  bytes_of(${file} plain_${number} plain)
  bytes_of(${file}.gz zip_${number} zip)
  string(APPEND arrays "${plain}${zip}\n")
  string(APPEND rows "\t{ .name = \"${name}\",\n\t  .type = \"${type}\",\n"
    "\t  .etag = \"\\\"${tag}\\\"\",\n\t  .etag_zip = \"\\\"${tag}z\\\"\",\n"
    "\t  .bytes = plain_${number},\n\t  .zip = zip_${number},\n"
    "\t  .length = sizeof(plain_${number}) - 1,\n\t  .zip_length = sizeof(zip_${number}) - 1 },\n")
  math(EXPR number "${number} + 1")
endforeach()
string(SHA256 edition "${digests}")
string(SUBSTRING ${edition} 0 12 edition)

file(WRITE ${TO} "/* Made by embed.cmake from ${NAMES}. */
#include \"wallboard_files.h\"

${arrays}
const struct wallboard_file wallboard_files[] = {
${rows}};
const size_t wallboard_files_count = sizeof(wallboard_files) / sizeof(wallboard_files[0]);
const char wallboard_files_edition[] = \"${edition}\";
")
