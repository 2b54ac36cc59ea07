#!/usr/bin/env python3
"""conf/acl.redis is enough for what we do in Redis, and for nothing else.

What that is, is read from the sources of the store and of najimictl whatif; a real redis-server says what the user may do.
check_acl.py ROOT"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SKIP = 77
KEY = "najimi:{main}:x"
# Words of these commands that are no keys, where any would be taken for one.
ARGUMENTS = {
    "FCALL": ["najimi_commit", "1", KEY],
    "FCALL_RO": ["najimi_recall", "1", KEY],
    "FUNCTION": ["LOAD", "REPLACE", "#!lua name=x\nredis.register_function('x', function() end)"],
    "AUTH": ["najimi", "secret"],
    "SELECT": ["1"],
    "TIME": [],
}
FORBIDDEN = [
    ["FLUSHALL"], ["FLUSHDB"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["ACL", "LIST"], ["EVAL", "return 1", "0"],
    ["FUNCTION", "DELETE", "najimi"], ["FUNCTION", "FLUSH"], ["SHUTDOWN"], ["DEBUG", "SLEEP", "0"], ["SAVE"],
    ["REPLICAOF", "NO", "ONE"], ["PUBLISH", "a", "b"], ["HGETALL", "other:x"], ["HSET", "other:x", "a", "b"], ["DEL", "other"],
]


class Redis:
    """A redis-server of our own, as its administrator."""

    def __init__(self, folder, root):
        self.socket = folder / "s"
        (folder / "redis.conf").write_text(
            f"port 0\nunixsocket {self.socket}\nsave \"\"\ndir {folder}\nlogfile {folder}/log\n"
            f"include {root / 'conf' / 'acl.redis'}\n")
        self.process = subprocess.Popen(["redis-server", str(folder / "redis.conf")])
        for _ in range(200):
            if self.socket.exists() and self.ask("PING") == "PONG":
                return
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        raise SystemExit(f"redis-server does not start:\n{(folder / 'log').read_text()}")

    def ask(self, *words, user=(), stdin=None):
        command = ["redis-cli", "--no-raw", "-s", str(self.socket), *user, *words]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def commands(self):
        return set(re.findall(r'"([^"]+)"', self.ask("COMMAND", "LIST")))

    def may(self, words):
        """Whether the user may, and what the server says."""
        said = self.ask("ACL", "DRYRUN", "najimi", *words)
        return said == "OK", said


def words_of(root):
    """Every word in the sources that could be a command."""
    found = set()
    store = root / "daemon" / "store"
    for path in [*store.glob("*.c"), *store.glob("*.h"), *store.glob("*.lua"),
                 root / "daemon" / "tools" / "contact_stream.c"]:
        found |= set(re.findall(r"""["']([A-Z_]{3,})["']""", path.read_text()))
    return found


def may_somehow(redis, command):
    """With as many arguments as it takes."""
    if command in ARGUMENTS:
        return redis.may([command, *ARGUMENTS[command]])
    said = ""
    for count in range(1, 6):
        allowed, said = redis.may([command, *[KEY] * count])
        if allowed or "wrong number" not in said:
            return allowed, said
    return False, said


def check(redis, root):
    bad = []
    store = root / "daemon" / "store"
    used = {word for word in words_of(root) if word.lower() in redis.commands()} | {"AUTH", "SELECT"}
    for command in sorted(used):
        allowed, said = may_somehow(redis, command)
        if not allowed:
            bad.append(f"we use {command}, which the user may not: {said}")

    granted = {word.split("|")[0].upper() for word in re.findall(r"\+([a-z_|]+)", (root / "conf" / "acl.redis").read_text()
                                                                  .splitlines()[-1])}
    for command in sorted(granted - used):
        bad.append(f"the user may {command}, which nobody uses")
    for words in FORBIDDEN:
        if redis.may(words)[0]:
            bad.append(f"the user may {' '.join(words)}")

    user = ("--user", "najimi", "--pass", "change-me", "--no-auth-warning")
    library = (store / "najimi.lua").read_text() + (store / "fcr.lua").read_text()
    if redis.ask("-x", "FUNCTION", "LOAD", "REPLACE", user=user, stdin=library) != '"najimi"':
        bad.append("the user cannot load the functions")
    taken = redis.ask("FCALL", "najimi_lease_take", "2", "najimi:{main}:lease", "najimi:{main}:config", "me", "here", "1000",
                      "0", user=user)
    if not taken.startswith("1) (integer) 1"):
        bad.append(f"the user cannot take the lease: {taken}")
    return bad


def main(root):
    if not shutil.which("redis-server") or not shutil.which("redis-cli"):
        print("SKIPPED: there is no redis-server")
        return SKIP
    with tempfile.TemporaryDirectory(prefix="najimi-acl-") as name:
        folder = pathlib.Path(name)
        redis = None
        try:
            redis = Redis(folder, root)
            bad = check(redis, root)
        finally:
            if redis:
                redis.process.terminate()
                redis.process.wait()
    for line in bad:
        print(line, file=sys.stderr)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
