#!/bin/sh
# A day of the simulator, written out as a story, is told by the runner just so:
# told_days.sh SIM_MAIN STORY_MAIN.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for seed in 11 12 13 14 15 16 17 18 19 20; do
	"$1" --story "$seed" 400 >"$folder/day.story"
	"$2" "$folder/day.story"
done
