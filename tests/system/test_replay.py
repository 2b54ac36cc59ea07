"""najimi-replay and najimi-bench against a real daemon."""
import json
import os
import pathlib
import random
import subprocess

import pytest

from daemon import free_port

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CALLS = "call_id,arrive_s,customer_id,queue,service_s,wrapup_s,patience_s\n"
SHIFTS = "agent,on_s,off_s,queues\n"


def run(program, *args, timeout=300, **more):
    return subprocess.run([program, *map(str, args)], capture_output=True, text=True,
                          timeout=timeout, **more)


def figures(program, *args):
    done = run(program, *args, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def start_for(make_daemon, redis_server, tmp_path):
    """Starts a daemon with the configuration that a tool prints for these arguments."""
    def start(program, *args, redis=True):
        printed = run(program, "--print-config", *args)
        assert printed.returncode == 0, printed.stderr
        daemon = make_daemon(redis=redis_server)
        text = printed.stdout
        if redis:
            text += f'redis = {{ mode = "unix"; socket = "{redis_server.socket}"; }};\n'
        daemon.config.write_text(text)
        return daemon.start()
    return start


@pytest.fixture
def centre(tmp_path):
    """Two hours of a small, busy centre whose people ring again."""
    chance = random.Random(7)
    at, lines = 0.0, []
    for number in range(600):
        at += chance.expovariate(1 / 12)
        customer = f"k{chance.randrange(60)}" if chance.random() < 0.7 else ""
        lines.append(f"c{number},{at:.3f},{customer},{chance.choice(['sales', 'help'])},"
                     f"{chance.expovariate(1 / 50):.1f},{chance.expovariate(1 / 6):.1f},"
                     f"{chance.expovariate(1 / 200):.1f}\n")
    calls, shifts = tmp_path / "two_calls.csv", tmp_path / "two_agents.csv"
    calls.write_text(CALLS + "".join(lines))
    shifts.write_text(SHIFTS + "".join(
        f"a{agent},{agent * 10},{3000 + agent * 100},sales|help\n"
        f"a{agent},{3300 + agent * 100},20000,{'sales|help' if agent % 2 else 'help'}\n"
        for agent in range(5)))
    return calls


def test_a_play_through_the_daemon_is_the_play_through_the_core(tools, start_for, centre):
    replay, address = tools / "najimi-replay", f"127.0.0.1:{free_port()}"
    routing = ("--policy", "fixed:20+own_first", "--min-talk", "5s")
    through = (*routing, "--through", address, "--speed", 600, centre)
    daemon = start_for(replay, *through)
    virtual = figures(replay, *routing, centre)
    real = figures(replay, *through)
    assert virtual["callers"] == real["callers"] == 600
    assert virtual["returning_callers"] > 150 and virtual["own"] > 50
    assert real["returning_callers"] == pytest.approx(virtual["returning_callers"], abs=20)
    assert real["own_agent_share"] == pytest.approx(virtual["own_agent_share"], abs=0.08)
    assert real["groups"]["all"]["wait_s"]["mean"] == pytest.approx(virtual["groups"]["all"]["wait_s"]["mean"], rel=0.2)
    assert real["crossings"] < 30
    assert "daemon.ready" in daemon.log_text()


def test_without_stickiness_the_two_plays_are_the_same(tools, start_for, centre):
    """No timer of the daemon takes part, so nothing is left to chance."""
    replay, address = tools / "najimi-replay", f"127.0.0.1:{free_port()}"
    through = ("--policy", "off", "--through", address, "--speed", 1200, centre)
    start_for(replay, *through)
    virtual, real = figures(replay, "--policy", "off", centre), figures(replay, *through)
    for name in ("callers", "returning_callers", "own", "present_own", "service_level",
                 "groups"):
        assert real[name] == virtual[name], name


def test_the_banks_days_through_the_daemon(tools, start_for):
    folder = pathlib.Path(os.environ.get("NAJIMI_DATA", SOURCE.parent / "shared" / "data"))
    calls = folder / "bank_1999_01_02_calls.csv"
    if not calls.exists():
        pytest.skip(f"no bank's calls at {calls}; NAJIMI_DATA says where they are")
    replay, address = tools / "najimi-replay", f"127.0.0.1:{free_port()}"
    days = ("--policy", "fixed:20+own_first", "--from-day", 14, "--days", 2, calls)
    start_for(replay, "--through", address, "--speed", 6000, *days)
    virtual = figures(replay, *days)
    real = figures(replay, "--through", address, "--speed", 6000, *days)
    assert virtual["callers"] == real["callers"] > 1000
    # Some hundred returning callers only: months agree within two points.
    assert real["own_agent_share"] == pytest.approx(virtual["own_agent_share"], abs=0.1)
    assert real["groups"]["all"]["answered"] == pytest.approx(virtual["groups"]["all"]["answered"], rel=0.05)


def test_a_play_needs_a_daemon_that_knows_it(tools, start_for, centre, tmp_path):
    replay, address = tools / "najimi-replay", f"127.0.0.1:{free_port()}"
    nobody = run(replay, "--through", address, centre)
    assert nobody.returncode == 1
    assert f"najimi-replay: {address}: Connection refused" in nobody.stderr
    start_for(replay, "--through", address, centre)
    stranger = run(replay, "--through", address, "--token", "wrong", centre)
    assert stranger.returncode == 1
    assert "session.open: -32001" in stranger.stderr
    other = tmp_path / "other_calls.csv"
    other.write_text(CALLS + "c0,0,,nowhere,10,0,10\n")
    (tmp_path / "other_agents.csv").write_text(SHIFTS + "a,0,99,nowhere\n")
    lost = run(replay, "--through", address, other)
    assert lost.returncode == 1
    assert "-32012" in lost.stderr, lost.stderr


def test_a_bench_measures_lives_beside_redis(tools, start_for, redis_server):
    bench, address = tools / "najimi-bench", f"127.0.0.1:{free_port()}"
    where = ("--host", address, "--redis", f"unix:{redis_server.socket}",
             "--agents", 60, "--connections", 2, "--lives", 20, "--seconds", 1)
    start_for(bench, *where, redis=False)
    result = figures(bench, *where)
    assert result["load"]["lives"] > 100
    assert result["load"]["refused"] == result["half"]["refused"] == 0
    assert 0 < result["quiet"]["decision_ms"]["p50"] <= result["quiet"]["decision_ms"]["p99"]
    assert result["redis"]["round_trip_ms"]["p50"] > 0
    assert result["redis"]["lives_per_second"] > result["load"]["lives_per_second"] / 2
    assert result["redis"]["lives_a_commit"] > 0
    # Nothing of the measurement is left but the daemon's own site.
    keys = set(redis_server.client().keys("*"))
    assert keys and all(key.startswith("najimi:{bench}:") for key in keys), keys

    paced = figures(bench, *where, "--rate", 200)
    assert 50 < paced["load"]["lives_per_second"] < 240  # some machines cannot keep the pace


def test_a_bench_measures_handovers(tools, start_for, redis_server):
    bench, address = tools / "najimi-bench", f"127.0.0.1:{free_port()}"
    where = ("--host", address, "--redis", f"unix:{redis_server.socket}", "--agents", 20)
    start_for(bench, *where, redis=False)
    result = figures(bench, *where, "--scenario", "ready", "--waiting", 300, "--handovers", 50)
    assert result["waiting"] == 300
    assert 0 < result["ready_to_offer_ms"]["p50"] <= result["ready_to_offer_ms"]["p99"]


def test_a_bench_is_an_asterisk_that_leaves_its_callers_with_us(tools, start_for, redis_server):
    bench, address = tools / "najimi-bench", f"127.0.0.1:{free_port()}"
    where = ("--host", address, "--redis", f"unix:{redis_server.socket}", "--scenario", "fastagi",
             "--agi", f"127.0.0.1:{free_port()}", "--waiting", 60, "--handovers", 20)
    daemon = start_for(bench, *where, redis=False)
    result = figures(bench, *where, "--pid", daemon.process.pid)
    assert result["fastagi"]["held"] == 60
    for times in ("decision_ms", "free_to_dial_ms"):
        assert 0 < result["fastagi"][times]["p50"] <= result["fastagi"][times]["p99"]
    assert 0 < result["fastagi"]["kib_a_caller"]
    assert 0 <= result["fastagi"]["idle_cpu"] < 1


def test_a_bench_says_what_it_lacks(tools, start_for, redis_server):
    bench, address = tools / "najimi-bench", f"127.0.0.1:{free_port()}"
    nobody = run(bench, "--host", address)
    assert nobody.returncode == 1 and "Connection refused" in nobody.stderr
    start_for(bench, "--host", address, "--redis", f"unix:{redis_server.socket}", redis=False)
    lost = run(bench, "--host", address, "--queue", "nowhere")
    assert lost.returncode == 1 and "unknown_queue" in lost.stderr, lost.stderr
    elsewhere = run(bench, "--host", address, "--redis", "unix:/nonexistent/r.sock")
    assert elsewhere.returncode == 1 and "/nonexistent/r.sock" in elsewhere.stderr
