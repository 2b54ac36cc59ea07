#!/bin/sh
# The unit is one that systemd understands, and is locked up as tightly as agreed.
# check_systemd.sh NAJIMID ROOT
set -eu
najimid=$1 root=$2
command -v systemd-analyze >/dev/null || {
	echo 'SKIPPED: there is no systemd-analyze (Debian: systemd)'
	exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# An installed daemon is found by its name; here it is the one just built.
sed "s#=najimid #=$najimid #" "$root/systemd/najimid@.service" >"$folder/najimid@.service"
cp "$folder/najimid@.service" "$folder/najimid@main.service"

systemd-analyze verify --man=no "$folder/najimid@main.service" 2>"$folder/said" || {
	cat "$folder/said" >&2
	exit 1
}
# Clean means that nothing was said about our unit either.
if grep najimid "$folder/said" >&2; then
	exit 1
fi
systemd-analyze security --no-pager --offline=yes --threshold=15 "$folder/najimid@main.service" >"$folder/security" || {
	cat "$folder/security" >&2
	exit 1
}
tail -n 1 "$folder/security"

mkdir -p "$folder/root/usr/lib/sysusers.d" "$folder/root/etc"
cp "$root/systemd/najimi.conf" "$folder/root/usr/lib/sysusers.d/"
systemd-sysusers --root="$folder/root" najimi.conf >"$folder/said" 2>&1 || {
	cat "$folder/said" >&2
	exit 1
}
grep -q '^najimi:' "$folder/root/etc/passwd"
