# Debian packages that Najimi needs, and how to get those that are missing. Sourced by
# daemon/try.sh and tests/run.sh.

BUILD_PACKAGES="gcc cmake ninja-build pkg-config libc6-dev libevent-dev libhiredis-dev libconfig-dev
libcjson-dev libbsd-dev uthash-dev libsystemd-dev libssl-dev libcairo2-dev"
RUN_PACKAGES="redis-server python3"
# npm brings the wallboard's curves. Where node comes from elsewhere, Debian's would be in
# its way.
{ command -v node && command -v npm; } >/dev/null || BUILD_PACKAGES="$BUILD_PACKAGES nodejs npm"

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '\nfailed: %s\n' "$*" >&2
    exit 1
}

# install_packages NAME...: installs those that are missing, as root or with sudo.
install_packages() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and there is no sudo to install them:$missing"
        as_root=sudo
    fi
    say "installing$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words on purpose
    if $as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get update -q && apt-get install -q -y --no-install-recommends "$@"' sh $missing >"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 20 "$log" >&2
        fail "apt-get could not install$missing (all of it in $log)"
    fi
}
