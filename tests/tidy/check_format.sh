#!/bin/sh
# Nobody argues about format: clang-format 14 decides. Another version decides otherwise,
# so without this one the check is skipped (77).
set -eu
cd "$1"
tool=
for name in clang-format-14 clang-format; do
	if command -v "$name" >/dev/null && "$name" --version | grep -q 'version 14\.'; then
		tool=$name
		break
	fi
done
if [ -z "$tool" ]; then
	echo 'no clang-format 14 here'
	exit 77
fi
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files -z -- '*.c' '*.h'
else
	find daemon include tests \( -name '*.c' -o -name '*.h' \) -print0
fi | xargs -0 sh -c '
	tool=$1
	shift
	for file; do
		# A file that is deleted but not committed yet is still listed.
		[ ! -e "$file" ] || printf "%s\\0" "$file"
	done | xargs -0 "$tool" --dry-run -Werror
' sh "$tool"
