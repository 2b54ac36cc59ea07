"""A real najimid with a configuration of its own in a temporary folder."""
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

from native_client import Client

QUEUES = """
queues = (
    { name = "sales"; },
    { name = "support"; }
);
"""


# Of whatever the tests wait for: when to give up. A machine that builds meanwhile is slow.
PATIENCE = 60.0

SLOWLY = (("recall", "max", '"5s"'), ("redis", "commit_max", '"10s"'))

claims = []


def free_port():
    """One that nobody has, never the same twice, and below those that the system gives to
    whoever connects. Until this program ends no other test takes it, though nobody listens
    there yet, or any more: its name among the abstract sockets says so."""
    first_given = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10240, max(first_given, 16384))
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0najimi-tests-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claims.append(claim)
        return port


def wait_until(what, condition, timeout=PATIENCE):
    """Waits for a fact, not for a time; the time is when to give up."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"{what}: not within {timeout} s")


def whole_lines(path):
    """Lines of a file that others may be writing: the last one is read when it has its end, however
    the kernel cuts what was written. Without the file, none."""
    path = pathlib.Path(path)
    text = path.read_bytes().decode(errors="replace") if path.exists() else ""
    return [line.removesuffix("\r") for line in text.split("\n")[:-1]]


class Daemon:
    def __init__(self, program, folder, redis=None, queues=QUEUES, more="", options=None):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rpc_port, self.http_port = free_port(), free_port()
        self.redis, self.queues, self.more = redis, queues, more
        self.options = dict(options or {})
        self.config = self.folder / "najimid.conf"
        self.log_file = self.folder / "log"
        self.process = None
        self.write_config()

    # --- configuration ---

    def write_config(self):
        if self.redis is not None:
            redis = f'redis = {{ mode = "unix"; socket = "{self.redis.socket}"; }};'
        else:
            redis = (f'redis = {{ mode = "embedded"; socket = "{self.folder}/redis.sock"; '
                     f'directory = "{self.folder}/redis"; }};')
            (self.folder / "redis").mkdir(exist_ok=True)
        groups = {"rpc": f'listen = "127.0.0.1:{self.rpc_port}";',
                  "http": f'listen = "127.0.0.1:{self.http_port}";'}
        for name, text in self.options.items():
            groups[name] = groups.get(name, "") + " " + text
        groups.setdefault("log", 'level = "debug";')
        # However slow the machine is, callers are known before they are routed, and what
        # was answered is in Redis.
        for name, member, text in SLOWLY:
            if member not in groups.get(name, ""):
                groups[name] = groups.get(name, "") + f" {member} = {text};"
        if "redis" in groups:
            redis = redis.replace("};", groups.pop("redis") + " };")
        body = "\n".join(f"{name} = {{ {text} }};" for name, text in groups.items())
        self.config.write_text(f"{redis}\n{body}\n{self.queues}\n{self.more}\n")

    # --- life ---

    def start(self, wait=True):
        env = dict(os.environ, RUNTIME_DIRECTORY=str(self.folder))
        self.log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen([self.program, str(self.config)], stderr=log,
                                            stdout=log, env=env)
        if wait:
            self.wait_log("daemon.ready")
        return self

    def stop(self):
        """A clean stop; the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        self.process = None
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def reload(self):
        seen = self.log_text().count("reload.")
        self.process.send_signal(signal.SIGHUP)
        wait_until("reload", lambda: self.log_text().count("reload.") > seen)

    # --- facts ---

    def log_text(self):
        """What this process has logged since its start."""
        with open(self.log_file, "rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def wait_log(self, fact, timeout=PATIENCE):
        def seen():
            text = self.log_text()
            if self.process.poll() is not None and fact not in text:
                raise AssertionError(f"najimid ended with {self.process.returncode}:\n{text}")
            match = re.search(rf"^(<\d>{re.escape(fact)}.*)\n", text, re.M)
            return match and match.group(1)
        return wait_until(f"log fact {fact}", seen, timeout)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    # --- peers ---

    def client(self, **more):
        return Client(self.rpc_port, **{"timeout": PATIENCE, **more})

    def pbx(self, name="pbx-a", **more):
        client = self.client()
        client.open(name, **more)
        return client
