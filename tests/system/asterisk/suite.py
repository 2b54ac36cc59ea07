#!/usr/bin/env python3
"""Debian's Asterisk in a folder of its own, for a machine whose release has none.

It is installed once, by debootstrap, into the user's cache; any number of tests may use it at
once, none changes it. By hand: suite.py [SUITE]... prints the folder."""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys

SUITES = ("sid", "bullseye")  # those that have asterisk, in the order of our liking
PACKAGES = ("asterisk", "asterisk-moh-opsound-gsm", "asterisk-core-sounds-en-gsm")
SOURCES = pathlib.Path("/etc/apt")


class Unavailable(Exception):
    """It cannot be had here; the text says why."""


def say(text):
    print(f"asterisk: {text}", file=sys.stderr, flush=True)


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(home) / "najimi-tests"


def mirror():
    """Where apt has Debian itself from, not its updates of security or other people's packages."""
    got = subprocess.run(["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)"],
                         capture_output=True, text=True)
    found = re.findall(r"^main (\S+/debian)/?$", got.stdout, re.M)
    if not found:
        raise Unavailable("apt on this machine has no source of Debian's packages")
    return found[0]


def run(what, command, log):
    say(what)
    with open(log, "ab") as file:
        code = subprocess.run(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
                              ).returncode
    if code != 0:
        last = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise Unavailable(f"{what} failed with {code}: {' / '.join(last)}")


def build(suite, folder, log):
    run(f"a minimal Debian {suite} into {folder}",
        ["debootstrap", "--variant=minbase", suite, str(folder), mirror()], log)
    # Nothing is started by being installed.
    policy = folder / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    # A mirror may stand still for longer than a suite in motion says it is valid; the signature
    # is checked all the same.
    run(f"Debian {suite}'s list of packages",
        ["chroot", str(folder), "apt-get", "-q", "-o", "Acquire::Check-Valid-Until=false", "update"], log)
    run(f"{PACKAGES[0]} of Debian {suite}",
        ["chroot", str(folder), "apt-get", "-q", "-y", "--no-install-recommends", "install",
         *PACKAGES], log)
    run("tidying up", ["chroot", str(folder), "apt-get", "clean"], log)
    for useless in "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale":
        shutil.rmtree(folder / useless, ignore_errors=True)


def have(suite):
    """The folder of that suite's Asterisk, which is made when it is not there yet."""
    root = cache() / f"asterisk-{suite}"
    if root.exists():
        return root
    if os.geteuid() != 0:
        raise Unavailable("only root can make a Debian in a folder")
    if shutil.which("debootstrap", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        raise Unavailable("debootstrap (Debian package debootstrap) is not installed")
    cache().mkdir(parents=True, exist_ok=True)
    with open(cache() / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # others who want the same wait, and then have it
        if root.exists():
            return root
        aside = cache() / f"asterisk-{suite}.new"
        log = cache() / f"asterisk-{suite}.log"
        shutil.rmtree(aside, ignore_errors=True)
        log.unlink(missing_ok=True)
        try:
            build(suite, aside, log)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        aside.rename(root)
        say(f"is in {root}")
    return root


def find(suites=None):
    """The first suite's that can be had; NAJIMI_ASTERISK may name other suites."""
    suites = suites or os.environ.get("NAJIMI_ASTERISK", " ".join(SUITES)).split()
    why = []
    for suite in suites:
        try:
            return have(suite)
        except Unavailable as error:
            why.append(f"{suite}: {error}")
    raise Unavailable("; ".join(why))


if __name__ == "__main__":
    try:
        print(find(sys.argv[1:]))
    except Unavailable as error:
        sys.exit(f"asterisk: cannot be had: {error}")
