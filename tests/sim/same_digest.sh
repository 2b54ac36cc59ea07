#!/bin/sh
# The same days give the same digest whatever compiled the core, and however hard it
# tried: same_digest.sh SOURCE_DIR. Skipped (77) without clang.
set -eu
source=$1
command -v clang >/dev/null && command -v gcc >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

build() { # NAME COMPILER FLAGS...
	name=$1
	shift
	"$@" -std=c11 -D_DEFAULT_SOURCE -I"$source/include" -I"$source/daemon/core" \
		-I"$source/tests/lib" -I"$source/tests/sim" -o "$folder/$name" \
		"$source"/daemon/base/*.c "$source"/daemon/core/*.c "$source"/tests/lib/deed*.c \
		"$source"/tests/lib/story*.c "$source"/tests/lib/watch*.c \
		"$source"/tests/lib/words.c "$source"/tests/sim/*.c -lm
	"$folder/$name" 1 300 200 | tee -a "$folder/said"
	"$folder/$name" --policies 1 300 200 | tee -a "$folder/said_at_a_price"
}

build gcc gcc -O2
build gcc_plain gcc -O0
build clang clang -O2
for said in said said_at_a_price; do
	if [ "$(sort -u "$folder/$said" | wc -l)" -ne 1 ]; then
		echo 'the builds do not agree' >&2
		exit 1
	fi
done
