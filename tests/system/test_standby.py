"""Two daemons of one site: the one that stands by says so, and who leads."""
import json
import re
import signal
import socket
import subprocess

import pytest

from daemon import PATIENCE, free_port, wait_until
from fastagi import Channel
from native_client import RpcError
from test_http import get
from test_replay import CALLS, SHIFTS, run

QUEUES = 'queues = ( { name = "sales"; } );'


class Pair:
    """Two daemons on one Redis, each with FastAGI."""

    def __init__(self, make_daemon, redis_server, tools):
        self.make_daemon, self.redis, self.tools = make_daemon, redis_server, tools

    def make(self, folder, rpc="", agi=""):
        port = free_port()
        daemon = self.make_daemon(folder, redis=self.redis, queues=QUEUES, options={
            "rpc": rpc, "agi": f'listen = "127.0.0.1:{port}"; {agi}', "queue": 'wrapup = "0s";'})
        daemon.agi_port = port
        return daemon

    def ctl(self, daemon, *words):
        found = subprocess.run([self.tools / "najimictl", "--host", f"127.0.0.1:{daemon.rpc_port}", *words],
                               capture_output=True, text=True, timeout=PATIENCE)
        return found.returncode, found.stdout, found.stderr


@pytest.fixture
def pair(make_daemon, redis_server, tools):
    return Pair(make_daemon, redis_server, tools)


def native(daemon):
    return f"127.0.0.1:{daemon.rpc_port}"


def refusal(daemon, method="queue.list", **params):
    with daemon.pbx("desk", role="supervisor") as desk:
        with pytest.raises(RpcError) as refused:
            desk.call(method, **params)
    return refused.value


def wait_named(daemon, leader):
    """Until it knows who leads: for a moment it may not have heard of who does."""
    wait_until(f"{leader} is named", lambda: refusal(daemon).data.get("leader") == leader)


def told_of(daemon, leader):
    """Whoever asks `daemon` is told that `leader` leads, in every way there is."""
    wait_named(daemon, native(leader))
    error = refusal(daemon, "call.arrive", call_id="c", queue="sales")
    assert error.code == -32004, error
    assert error.data["reason"] == "not_leader" and error.data["leader"] == native(leader)
    assert error.data["retry_after_ms"] == 500
    with daemon.pbx("desk") as desk:
        pong = desk.call("ping")
        assert (pong["ready"], pong["standing_by"], pong["leader"]) == (False, True, native(leader))
    channel = Channel(daemon.agi_port).route()
    assert channel.action == "fallback" and channel.variables["NAJIMI_WHY"] == "not_leader"
    assert channel.variables["NAJIMI_LEADER"] == f"agi://127.0.0.1:{leader.agi_port}"
    answer = get(daemon, "/readyz")
    document = json.loads(answer.body)
    assert (answer.status, document["ready"], document["checks"]["lease"]) == (503, False, "held by another")
    assert document["leader"] == native(leader)


def test_who_stands_by_names_the_leader_and_roles_are_exchanged(pair):
    leader, other = pair.make("one").start(), pair.make("two")
    for _ in range(2):
        other.start(wait=False)
        other.wait_log("lease.standing_by")
        told_of(other, leader)
        with leader.pbx("desk") as desk:
            assert desk.call("ping")["standing_by"] is False
        leader.kill()
        leader, other = other, leader
        leader.wait_log("daemon.ready")
        with leader.pbx("desk") as desk:
            desk.call("agent.login", agent="alice", target="PJSIP/alice", queues=["sales"], state="ready")
            assert desk.call("ping")["standing_by"] is False
        caller = Channel(leader.agi_port).route()
        assert caller.action == "dial" and caller.variables["NAJIMI_TARGET"] == "PJSIP/alice"
        caller.variables["DIALSTATUS"] = "CANCEL"
        caller.h()
        assert json.loads(get(leader, "/readyz").body)["checks"]["lease"] == "held"


def test_before_it_knows_it_is_not_ready(pair, redis_server):
    """The lease of one that was killed says nothing of who leads."""
    leader, other = pair.make("one").start(), pair.make("two")
    leader.kill()
    other.start(wait=False)
    other.wait_log("lease.held")
    error = refusal(other)
    assert (error.code, error.data["reason"]) == (-32003, "starting")
    other.wait_log("daemon.ready")
    assert "lease.standing_by" not in other.log_text()


def test_a_clean_stop_hands_over_and_nothing_is_refused_after(pair):
    leader, other = pair.make("one").start(), pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    leader.stop()
    other.wait_log("daemon.ready")
    with other.pbx("desk", role="supervisor") as desk:
        assert desk.call("queue.list")["queues"]


def test_a_leader_that_was_not_heard_of_is_deposed_and_lets_go(pair):
    """A machine that stands still for two seconds: the other one has everybody, and this one starts anew."""
    leader, other = pair.make("one").start(), pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    waiting = Channel(leader.agi_port).route(serve=False).serve(until="SET MUSIC ON")
    leader.process.send_signal(signal.SIGSTOP)
    other.wait_log("daemon.ready")
    leader.process.send_signal(signal.SIGCONT)
    waiting.serve()                         # it is let go, and the dialplan asks the next
    assert waiting.action == ""
    assert leader.process.wait(timeout=PATIENCE) == 75
    assert re.search(r"daemon\.deposed calls=1 lost_records=0", leader.log_text()), leader.log_text()
    leader.start(wait=False)
    leader.wait_log("lease.standing_by")
    told_of(leader, other)
    waiting.port = other.agi_port
    waiting.route(serve=False).serve(until="SET MUSIC ON")
    with other.pbx("desk", role="supervisor") as desk:
        calls = desk.call("call.list")["calls"]
        assert [(call["call_id"], call["state"]) for call in calls] == [(waiting.uniqueid, "waiting")]
    waiting.hang_up()


def test_every_address_is_not_an_address(pair):
    """Who listens on 0.0.0.0 is named by the machine's name, or as the options say."""
    leader, other = pair.make("one"), pair.make("two")
    text = leader.config.read_text()
    for port in leader.rpc_port, leader.agi_port:
        text = text.replace(f"127.0.0.1:{port}", f"0.0.0.0:{port}")
    leader.config.write_text(text)
    leader.start()
    other.start(wait=False)
    other.wait_log("lease.standing_by")
    wait_named(other, f"{socket.gethostname()}:{leader.rpc_port}")
    assert Channel(other.agi_port).route().variables["NAJIMI_LEADER"] == (
        f"agi://{socket.gethostname()}:{leader.agi_port}")


def test_what_is_advertised_is_told(pair):
    leader = pair.make("one", rpc='advertise = "pbx-a.example:7070";',
                       agi='advertise = "[2001:db8::7]:4573";').start()
    other = pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    wait_named(other, "pbx-a.example:7070")
    assert Channel(other.agi_port).route().variables["NAJIMI_LEADER"] == "agi://[2001:db8::7]:4573"
    lease = pair.redis.client().hget("najimi:{main}:lease", "address")
    assert lease == "pbx-a.example:7070 agi://[2001:db8::7]:4573"
    leader.stop()
    other.wait_log("daemon.ready")


def test_an_older_leader_or_one_elsewhere_is_not_named(pair):
    """Its lease is as it is: an address of every machine, or of its own alone."""
    redis = pair.redis.client()
    leader, other = pair.make("one").start(), pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    for address in "0.0.0.0:7070", "", "127.0.0.1:0":
        redis.hset("najimi:{main}:lease", "address", address)
        error = wait_until("it is not named", lambda: (lambda e: "leader" not in e.data and e)(refusal(other)))
        assert (error.code, error.data["reason"]) == (-32004, "not_leader")
    assert Channel(other.agi_port).route().variables["NAJIMI_LEADER"] == ""
    # An older daemon wrote one address, and no more.
    redis.hset("najimi:{main}:lease", "address", native(leader))
    wait_named(other, native(leader))
    assert Channel(other.agi_port).route().variables["NAJIMI_LEADER"] == ""


def test_while_redis_is_away_nobody_is_known_to_lead(pair, redis_server):
    pair.make("one").start()
    other = pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    redis_server.kill()
    error = wait_until("not known", lambda: (lambda e: e.code == -32003 and e)(refusal(other)))
    assert "leader" not in error.data
    redis_server.start()


# --- najimictl ---


def test_najimictl_says_who_leads_and_asks_that_one(pair):
    leader, other = pair.make("one").start(), pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    code, said, complained = pair.ctl(other, "queues")
    assert code == 0 and "sales" in said
    assert complained == f"najimictl: {native(other)} stands by; {native(leader)} leads, and is asked\n"
    code, said, complained = pair.ctl(other, "agents", "--json")
    assert code == 0 and json.loads(said)["agents"] == []
    # A file is read by whom it belongs to.
    code, said, complained = pair.ctl(other, "reload")
    assert code == 1 and complained == f"najimictl: {native(other)} stands by; {native(leader)} leads\n"
    assert pair.ctl(other, "check")[0] == 0


def test_najimictl_status_says_which_one_it_is(pair):
    leader, other = pair.make("one").start(), pair.make("two").start(wait=False)
    other.wait_log("lease.standing_by")
    code, said, complained = pair.ctl(leader, "status")
    assert code == 0 and "\nRole     leads\n" in said and "\nCallers  0 waiting" in said
    code, said, complained = pair.ctl(other, "status")
    assert (code, complained) == (0, "") and f"\nRole     stands by; {native(leader)} leads\n" in said
    assert "Callers" not in said
    code, said, _ = pair.ctl(other, "status", "--json")
    found = json.loads(said)
    assert code == 0 and (found["standing_by"], found["leader"]) == (True, native(leader)) and "queues" not in found
    found = json.loads(pair.ctl(leader, "status", "--json")[1])
    assert found["standing_by"] is False and "leader" not in found and found["queues"] == 1


def test_najimictl_follows_once_and_then_says_so(pair):
    """Whom it is sent to is sent by that one again: it does not go round in circles."""
    redis = pair.redis.client()
    leader, other, third = (pair.make(name) for name in ("one", "two", "three"))
    leader.start()
    for daemon in other, third:
        daemon.start(wait=False)
        daemon.wait_log("lease.standing_by")
    redis.hset("najimi:{main}:lease", "address", native(third))
    for daemon in other, third:
        wait_named(daemon, native(third))
    code, said, complained = pair.ctl(other, "queues")
    assert code == 1 and not said
    assert complained.splitlines() == [
        f"najimictl: {native(other)} stands by; {native(third)} leads, and is asked",
        f"najimictl: {native(third)} stands by; {native(third)} leads"]
    # Nobody is there any more.
    third.kill()
    code, said, complained = pair.ctl(other, "queues")
    assert code == 3 and native(third) in complained


# --- what loads a daemon does not go where it was not sent ---


def test_neither_replay_nor_bench_loads_another_daemon(pair, tmp_path):
    leader, other = pair.make("one").start(), pair.make("two")
    with open(other.config, "a") as config:
        config.write('clients = ( { name = "*"; role = "pbx"; token = "tools"; } );\n')
    other.start(wait=False)
    other.wait_log("lease.standing_by")
    calls = tmp_path / "day_calls.csv"
    calls.write_text(CALLS + "c0,0,k1,sales,10,0,10\n")
    (tmp_path / "day_agents.csv").write_text(SHIFTS + "a,0,99,sales\n")
    replayed = run(pair.tools / "najimi-replay", "--through", native(other), "--token", "tools", calls)
    assert replayed.returncode == 1
    assert f"{native(other)}: this daemon stands by; {native(leader)} leads" in replayed.stderr
    benched = run(pair.tools / "najimi-bench", "--host", native(other), "--redis",
                  f"unix:{pair.redis.socket}", "--agents", 2, "--connections", 1, "--lives", 1, "--token", "tools")
    assert benched.returncode == 1
    assert f"this daemon stands by: {native(leader)} leads" in benched.stderr
    with leader.pbx("desk", role="supervisor") as desk:
        assert desk.call("agent.list")["agents"] == desk.call("call.list")["calls"] == []
