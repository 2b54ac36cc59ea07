#!/bin/sh
# The sample configuration is what the daemon prints today, and all files of conf/ load.
# check_conf.sh NAJIMID ROOT
set -eu
najimid=$1 root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$najimid" --sample >"$folder/sample.conf"
diff -u "$root/conf/najimid.conf" "$folder/sample.conf" || {
	echo 'conf/najimid.conf is out of date: najimid --sample >conf/najimid.conf' >&2
	exit 1
}
"$najimid" --check "$root/conf/najimid.conf"
"$najimid" --check "$root/conf/centre.example.conf"

# As the sample says it is done.
cp "$root/conf/centre.example.conf" "$folder/centre.conf"
sed 's/^# @include "centre.conf"$/@include "centre.conf"/' "$root/conf/najimid.conf" >"$folder/main.conf"
"$najimid" --check "$folder/main.conf" | tee "$folder/said"
grep -q ' 2 queues, 4 agents, 4 clients' "$folder/said"

# The sample is the defaults: with and without it, the same is in force.
: >"$folder/empty.conf"
"$najimid" --dump-config "$folder/empty.conf" >"$folder/empty"
"$najimid" --dump-config "$root/conf/najimid.conf" | diff -u "$folder/empty" -
