#!/bin/sh
# Installs what is needed, builds, starts najimid on a private Redis of its own, and shows a small
# contact centre at work. Ends with Ctrl-C, or by itself with --for 20s. Leaves nothing running.
set -eu
cd "$(dirname "$0")/.."
. daemon/packages.sh

usage() {
    cat <<'END'
Usage: daemon/try.sh [--for DURATION]
Builds najimid and shows a small contact centre at work on it, in real time.

  --for DURATION   end after that long (20s, 2m); without it, Ctrl-C ends it
  --help           print this
END
}

duration=
while [ $# -gt 0 ]; do
    case $1 in
    --for)
        [ $# -ge 2 ] || { usage >&2; exit 64; }
        duration=$2
        shift 2
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        echo "try.sh: what is '$1'?" >&2
        usage >&2
        exit 64
        ;;
    esac
done

# shellcheck disable=SC2086 # lists of words on purpose
install_packages $BUILD_PACKAGES $RUN_PACKAGES

say "building (build/try)"
mkdir -p build
cmake -G Ninja -S . -B build/try -DNAJIMI_PROFILE=release -DNAJIMI_TESTS=OFF >build/try.log 2>&1 &&
    ninja -C build/try najimid >>build/try.log 2>&1 || {
    tail -n 30 build/try.log >&2
    fail "it does not build (all of it in build/try.log)"
}

exec /usr/bin/python3 daemon/tools/small_centre.py build/try/najimid ${duration:+--for "$duration"}
