#!/bin/sh
# Installs what is needed, builds, and runs every test:
#   release  gcc, warnings are errors: tidy, units, stories, simulator, fuzz corpora, system tests
#   asan     clang with AddressSanitizer and UndefinedBehaviorSanitizer: all of it but tidy
# and ends with one line: N passed, N failed. Everything it makes is in build/.
set -eu
cd "$(dirname "$0")/.."
. daemon/packages.sh

TEST_PACKAGES="clang clang-format libclang-rt-14-dev libcmocka-dev python3-pytest python3-redis
python3-prometheus-client prometheus redis-tools netcat-openbsd systemd groff-base man-db git
chromium fonts-dejavu-core fonts-ipaexfont-gothic debootstrap sip-tester"

usage() {
    cat <<'END'
Usage: tests/run.sh [release | asan]...
Runs every test, or only those of the builds named.
END
}

for build in "$@"; do
    case $build in
    release | asan) ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        echo "run.sh: what is '$build'?" >&2
        usage >&2
        exit 64
        ;;
    esac
done
[ $# -gt 0 ] || set -- release asan

# shellcheck disable=SC2086 # lists of words on purpose
install_packages $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES

compiler_of() {
    [ "$1" = asan ] && echo clang || echo gcc
}

# What of ctest's labels a build runs: the house is the same in every build.
labels_of() {
    [ "$1" = asan ] && echo '-LE tidy|bench' || echo '-LE bench'
}

passed=0 failed=0 skipped=0
count() {
    result=build/$1/result.xml
    [ -s "$result" ] || { failed=$((failed + 1)); return; }
    head=$(grep -m 1 '<testsuite' -A 8 "$result" | tr '\n' ' ')
    number() { printf '%s' "$head" | sed -n "s/.*[^a-z]$1=\"\([0-9]*\)\".*/\1/p"; }
    tests=$(number tests) bad=$(number failures) off=$(number skipped)
    disabled=$(number disabled)
    off=$((${off:-0} + ${disabled:-0}))
    passed=$((passed + tests - bad - off))
    failed=$((failed + bad))
    skipped=$((skipped + off))
}

# Parts of a test that could not run, each with its reason.
tell_skipped() {
    reasons=$(grep -hE '^(SKIPPED \[|\*\*\* SKIPPED)' "build/$1/Testing/Temporary/LastTest.log" | sort -u)
    [ -z "$reasons" ] || printf '\nSKIPPED IN PART (%s):\n%s\n' "$1" "$reasons"
}

mkdir -p build
for build in "$@"; do
    say "building $build with $(compiler_of "$build") (build/$build)"
    if ! { cmake -G Ninja -S . -B "build/$build" -DNAJIMI_PROFILE="$build" \
        -DCMAKE_C_COMPILER="$(compiler_of "$build")" -DCMAKE_COMPILE_WARNING_AS_ERROR=ON &&
        ninja -C "build/$build"; } >"build/$build.log" 2>&1; then
        grep -E -A 6 'error|FAILED' "build/$build.log" | head -n 40 >&2 || tail -n 30 "build/$build.log" >&2
        fail "$build does not build (all of it in build/$build.log)"
    fi
    say "testing $build"
    # shellcheck disable=SC2046 # two words on purpose
    ctest --test-dir "build/$build" $(labels_of "$build") -j 2 --output-on-failure \
        --output-junit result.xml || true
    count "$build"
    tell_skipped "$build"
done

printf '\n%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ]
