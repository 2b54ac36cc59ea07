"""Fixtures: Asterisk, telephones, Redis and najimid in one network."""
import json

import pytest

from asterisk import sipp, suite
from asterisk.asterisk import PHONES, SECRET, Asterisk
from asterisk.namespace import Namespace
from daemon import PATIENCE, Daemon, wait_until
from redis_server import RedisServer

AGI, MANAGER = "127.0.0.1:4573", "127.0.0.1:5038"

QUEUES = """
queues = (
    { name = "sales"; overflow = "voicemail-sales"; },
    { name = "support"; }
);
"""
SERVERS = """
asterisk = (
    {{ name = "pbx"; address = "{manager}"; user = "najimi"; secret = "{secret}"; from = [ "127.0.0.1" ]; }}
);
"""


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory):
    """Asterisk, alone in its network with all that the tests of this file start."""
    if sipp.program() is None:
        pytest.skip("skipped, because SIPp (Debian package sip-tester) is not installed")
    try:
        root = suite.find()
    except suite.Unavailable as error:
        pytest.skip(f"skipped, because Asterisk cannot be had: {error}")
    namespace = Namespace()
    try:
        namespace.enter()
    except OSError as error:
        pytest.skip(f"skipped, because a network of its own is not allowed here: {error}")
    server = Asterisk(root, tmp_path_factory.mktemp("asterisk"))
    try:
        server.start()
        yield server
    finally:
        server.close()
        namespace.leave()


@pytest.fixture
def telephones(asterisk, tmp_path):
    """Telephones of this test; whatever it leaves behind in Asterisk is hung up."""
    made = sipp.Telephones(tmp_path)
    asterisk.manager.events.clear()
    yield made
    made.end()
    if asterisk.process is not None:
        (tmp_path / "manager").write_text("\n\n".join(
            "\n".join(f"{name}: {value}" for name, value in event.items())
            for event in asterisk.manager.events if event["Event"] != "VarSet"))
        asterisk.hang_up_all()


class Centre:
    """A call centre: one Redis, one daemon at a time, and who works there."""

    def __init__(self, program, folder, asterisk, telephones):
        self.program, self.folder = program, folder
        self.asterisk, self.telephones = asterisk, telephones
        self.redis = RedisServer(folder / "redis").start()
        self.daemon, self.desk, self.others = None, None, []
        self.read = "0"  # how far the records of contacts are read

    def open(self, queue="", wait=True, options=None, more="", agi=AGI, manager=MANAGER):
        """Starts the daemon; `queue` is what is different from the usual for all queues. `manager`
        None: it knows Asterisk by FastAGI alone."""
        groups = {"agi": f'listen = "{agi}";', "queue": f'wrapup = "0s"; {queue}', **(options or {})}
        servers = SERVERS.format(manager=manager, secret=SECRET) if manager else ""
        return self.open_with(QUEUES + servers + more, groups, wait and manager is not None)

    def open_with(self, text, options, wait=True):
        """Starts the daemon with that text in its configuration."""
        self.daemon = Daemon(self.program, self.folder / "daemon", redis=self.redis, queues=text,
                             options=options)
        return self.start(wait)

    def stand_by(self, agi, folder="second"):
        """A second daemon of the same site, which waits for the first to go."""
        second = Daemon(self.program, self.folder / folder, redis=self.redis,
                        queues=self.daemon.queues, options=dict(self.daemon.options, agi=f'listen = "{agi}";'))
        self.others.append(second)
        second.start(wait=False)
        second.wait_log("lease.held")
        return second

    def start(self, wait=True):
        self.daemon.start()
        self.desk = self.daemon.client()
        self.desk.open("desk", role="supervisor")
        if wait:
            self.wait_watched()
        return self

    def wait_watched(self, times=1):
        """The manager interface is up, and what Asterisk has and we know has been compared."""
        wait_until("asterisk.up", lambda: self.daemon.log_text().count(">asterisk.up") >= times)

    def take_over(self, second):
        """The daemon is stopped, and `second` is the one from now on."""
        self.desk.close()
        assert self.daemon.stop() == 0, self.daemon.log_text()
        self.daemon = second
        second.wait_log("daemon.ready")
        self.desk = second.client()
        self.desk.open("desk", role="supervisor")

    def kill(self):
        self.desk.close()
        self.daemon.kill()

    def close(self):
        if self.desk is not None:
            self.desk.close()
        said = [one.log_text() for one in [self.daemon, *self.others]
                if one is not None and one.alive() and one.stop() != 0]
        self.redis.stop()
        assert not said, "\n".join(said)

    # --- people ---

    def agent(self, name, *queues, state="ready", **phone):
        """An agent who logs in, and their telephone, if Asterisk knows one of that name."""
        telephone = self.telephones.phone(name, **phone) if name in PHONES else None
        self.desk.call("agent.login", agent=name, target=f"PJSIP/{name}", queues=list(queues or ["sales"]),
                       state=state)
        return telephone

    def state(self, agent):
        return self.agent_of(agent)["state"]

    def wait_state(self, agent, *states, timeout=PATIENCE):
        wait_until(f"{agent} is {' or '.join(states)}", lambda: self.state(agent) in states, timeout)

    def agent_of(self, name):
        return self.desk.call("agent.get", agent=name)

    def call(self, *numbers, **more):
        return self.telephones.call(*numbers, **more)

    def waiting(self, queue="sales"):
        return self.desk.call("queue.get", queue=queue)["waiting"]

    def held(self):
        """Callers whom Asterisk has left with us."""
        return sum(one["held"] for one in self.desk.call("gateway.list")["gateways"])

    # --- facts ---

    def records(self):
        """Contacts whose records have not been asked for yet, oldest first."""
        client = self.redis.client()
        found = client.xread({"najimi:{main}:contacts": self.read})
        entries = found[0][1] if found else []
        if entries:
            self.read = entries[-1][0]
        return [json.loads(fields["contact"]) for _, fields in entries if "contact" in fields]

    def wait_records(self, count, timeout=PATIENCE):
        """The next contacts' records, in the order of their ends."""
        got = []

        def come():
            got.extend(self.records())
            return len(got) >= count
        try:
            wait_until(f"{count} records of contacts", come, timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}, but {got}\n{self.daemon.log_text()[-4000:]}") from error
        assert len(got) == count, got
        return got

    def record(self):
        """The next contact's record."""
        return self.wait_records(1)[0]


@pytest.fixture
def centre(program, tmp_path, asterisk, telephones):
    made = Centre(program, tmp_path, asterisk, telephones)
    yield made
    made.close()
