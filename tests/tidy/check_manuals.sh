#!/bin/sh
# Every manual page, the generated one too, renders without a warning.
# check_manuals.sh NAJIMID ROOT
set -eu
najimid=$1 root=$2
command -v groff >/dev/null || {
	echo 'SKIPPED: there is no groff (Debian: groff-base)'
	exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$najimid" --manual >"$folder/najimid.conf.5"

for page in "$folder/najimid.conf.5" "$root"/daemon/man/*.[1578]; do
	groff -man -Tutf8 -Kutf8 -ww -rF0 -z "$page" 2>>"$folder/warnings" || echo "$page: groff failed" >>"$folder/warnings"
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "$page" | grep -v 'missing date' >>"$folder/warnings" || true
	fi
done
if [ -s "$folder/warnings" ]; then
	cat "$folder/warnings" >&2
	exit 1
fi
