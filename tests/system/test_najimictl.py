"""najimictl(1) against the real daemon: what people see, and what programs read."""
import csv
import http.client
import io
import json
import os
import re
import subprocess

import pytest

from daemon import PATIENCE, free_port, wait_until

CALLER = {"from": "0312345678"}


class Ctl:
    def __init__(self, program, daemon):
        self.program, self.daemon = str(program), daemon

    def run(self, *words, host=None, env=None, **more):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NAJIMI_")}
        environment["TZ"] = "UTC"
        environment.update(env or {})
        if host is not False:
            words = ("--host", host or f"127.0.0.1:{self.daemon.rpc_port}", *words)
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=PATIENCE,
                              env=environment, **more)

    def __call__(self, *words, **more):
        """The text of a command that must succeed."""
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stderr + done.stdout
        assert done.stderr == ""
        return done.stdout

    def json(self, *words, **more):
        return json.loads(self(*words, "--json", **more))

    def fails(self, code, *words, **more):
        """What it says on stderr."""
        done = self.run(*words, **more)
        assert done.returncode == code, (done.returncode, done.stderr, done.stdout)
        return done.stderr


@pytest.fixture
def ctl(tools, make_daemon, redis_server):
    # Programs take a while to start: who gives up meanwhile has done so soon.
    daemon = make_daemon(redis=redis_server, options={"queue": 'short_abandon = "5m";'}).start()
    return Ctl(tools / "najimictl", daemon)


@pytest.fixture
def centre(ctl):
    """One caller talks with alice, two wait; bob has a pause."""
    pbx = ctl.daemon.pbx()
    for agent in "alice", "bob":
        pbx.call("agent.login", agent=agent, target=f"PJSIP/{agent}", queues=["sales"],
                 state="ready")
    pbx.call("agent.pause", agent="bob", reason="tea")
    offer = pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER)["offer"]
    pbx.call("call.answered", call_id="c1", offer=offer)
    pbx.call("call.arrive", call_id="c2", queue="sales", customer_id="K-77")
    pbx.call("call.arrive", call_id="c3", queue="sales", presentation="restricted", **CALLER)
    ctl.pbx = pbx
    return ctl


def rows(text):
    """A table's rows by its titles; columns are told by where the titles stand."""
    lines = text.splitlines()
    return [dict(zip(lines[0].split(), line.split())) for line in lines[1:]]


def test_status_sums_the_centre_up(centre):
    text = centre("status")
    assert "Site     main, najimid" in text
    assert "Callers  2 waiting" in text and "1 talking, in 2 queues" in text
    assert "0 ready, 0 ringing, 1 talking, 0 wrapping up, 1 paused" in text
    assert "So far   3 arrived" in text
    status = centre.json("status")
    assert status["waiting"] == 2 and status["agents"]["paused"] == 1 and status["site"] == "main"
    assert status["gateways"] == []


def test_the_own_agent_share_is_of_calls_that_were_answered(make_daemon, redis_server, tools):
    """Everywhere the same: who comes back and gives up met nobody, and is in no share of own agents."""
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; short_abandon = "0s"; sticky = { min_talk = "0s"; };'}).start()
    ctl, pbx = Ctl(tools / "najimictl", daemon), daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")

    def ring(call):
        return pbx.call("call.arrive", call_id=call, queue="sales", **CALLER)
    for call in "c1", "c2":
        pbx.call("call.answered", call_id=call, offer=ring(call)["offer"])
        pbx.call("call.ended", call_id=call, by="caller")
    pbx.call("agent.pause", agent="alice", reason='a "long" one')
    ring("c3")
    assert pbx.call("call.ended", call_id="c3", by="caller")["outcome"] == "abandoned"
    queue = ctl.json("queues")["queues"][0]
    assert queue["sticky"]["own"] == queue["sticky"]["other"] == queue["returning_answered"] == 1
    assert ctl("queues").splitlines()[1].split()[-1] == "100%"
    assert "own agent for 100% of 1 who came back and were answered" in ctl("status")
    assert "2 answered, 1 abandoned;" in ctl("status")
    assert " 1       100% " in ctl("stats")
    got = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    got.request("GET", "/v1/queues/sales")
    assert json.loads(got.getresponse().read())["returning_answered"] == 1
    got.close()
    day = ctl("agent", "alice", "--day")
    assert re.search(r"^own share +50%$", day, re.M) and re.search(r"^occupancy +\d+%$", day, re.M)
    assert re.search(r'^  a "long" one +\d+\.\d s$', day, re.M)


def test_an_option_that_would_do_nothing_is_refused(ctl):
    """Or figures of today would be taken for those of three days."""
    assert "--since is no option of stats" in ctl.fails(2, "stats", "--since", "3d")
    assert "--until is not after --since" in ctl.fails(2, "contacts", "--since", "1h", "--until", "2h")


def test_status_has_the_gateways_as_they_are_listed(make_daemon, redis_server, tools):
    systems = ",".join(f'{{ name = "pbx-{name}"; address = "127.0.0.1:{free_port()}"; user = "u"; secret = "s"; }}'
                       for name in "ab")  # nobody is there
    daemon = make_daemon(redis=redis_server, more=f"asterisk = ({systems});").start()
    ctl = Ctl(tools / "najimictl", daemon)
    listed = daemon.pbx().call("gateway.list")["gateways"]
    assert [(one["gateway"], one["name"], one["up"]) for one in listed] == \
        [("asterisk", "pbx-a", False), ("asterisk", "pbx-b", False)]
    assert ctl.json("status")["gateways"] == listed
    lines = [line.split() for line in ctl("status").splitlines() if line.startswith("Gateway")]
    assert [line[1:5] for line in lines] == [["asterisk", f"pbx-{name}", "is", "down,"] for name in "ab"]


def test_queues_agents_and_calls_are_tables(centre):
    sales = rows(centre("queues"))[0]
    assert sales["QUEUE"] == "sales" and sales["WAITING"] == "2"
    assert rows(centre("queues", "support"))[0]["QUEUE"] == "support"
    agents = {row["AGENT"]: row for row in rows(centre("agents"))}
    assert agents["alice"]["STATE"] == "talking" and agents["bob"]["STATE"] == "paused"
    assert "tea" in centre("agents", "bob") and "alice" not in centre("agents", "bob")
    calls = {row["CALL"]: row for row in rows(centre("calls"))}
    assert calls["c1"]["STATE"] == "talking" and calls["c2"]["STATE"] == "waiting"
    assert "withheld" in [line for line in centre("calls").splitlines() if "c3" in line][0]


def test_lists_are_filtered_by_the_daemon(centre):
    assert [row["CALL"] for row in rows(centre("calls", "--state", "waiting"))] == ["c2", "c3"]
    assert centre("calls", "--queue", "support") == "there are no calls\n"
    assert [row["AGENT"] for row in rows(centre("agents", "--state", "paused"))] == ["bob"]


def test_json_is_for_programs(centre):
    assert {q["queue"] for q in centre.json("queues")["queues"]} == {"sales", "support"}
    assert centre.json("queues", "sales")["waiting"] == 2
    assert len(centre.json("calls")["calls"]) == 3
    assert centre.json("agents", "alice")["call"] == "c1"
    assert centre.json("explain", "c2")["call_id"] == "c2"
    assert centre.json("ping")["round_trip_us"] > 0


def test_long_lists_come_whole(ctl):
    pbx = ctl.daemon.pbx()
    for n in range(1203):  # more than two pieces
        pbx.call("call.arrive", call_id=f"c{n}", queue=("sales", "support")[n % 2])
    wait_until("all are there", lambda: ctl.json("status")["waiting"] == 1203)
    assert {c["call_id"] for c in ctl.json("calls")["calls"]} == {f"c{n}" for n in range(1203)}
    assert len(ctl("calls").splitlines()) == 1204


def test_explain_says_why_in_a_sentence_first(centre):
    text = centre("explain", "c2")
    assert text.splitlines()[0] == "Of 2 agents nobody could take the call."
    assert "alice" in text and "not_ready" in text and "paused" in text
    centre.pbx.call("call.ended", call_id="c2", by="caller")
    text = centre("explain", "c2")
    assert "short_abandoned" in text and "ended" in text


def test_a_caller_is_found_by_number_and_by_customer_id(make_daemon, redis_server, tools):
    daemon = make_daemon(redis=redis_server,
                         options={"queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'}).start()
    ctl, pbx = Ctl(tools / "najimictl", daemon), daemon.pbx()
    pbx.call("agent.login", agent="alice", queues=["sales"], state="ready")
    for call, caller in ("c1", CALLER), ("c2", {"customer_id": "K-77"}):
        offer = pbx.call("call.arrive", call_id=call, queue="sales", **caller)["offer"]
        pbx.call("call.answered", call_id=call, offer=offer)
        pbx.call("call.ended", call_id=call, by="caller")
    for word in "0312345678", "+81 3-1234-5678", "tel:0312345678", "K-77", "cid:K-77":
        assert "alice" in ctl("caller", word), word
    assert ctl.json("caller", "K-77")["caller"]["agents"][0]["agent"] == "alice"
    assert "nothing is remembered" in ctl.fails(1, "caller", "nobody")
    pbx.call("caller.pin", customer_id="K-77", agent="alice")
    pbx.call("call.arrive", call_id="c3", queue="sales", customer_id="K-77")
    wait_until("the rule is said", lambda: ctl("explain", "c3").splitlines()[1] ==
               "alice is pinned to this caller, and comes before whoever was met last.")


def test_watch_shows_events_as_they_come(centre):
    command = [centre.program, "--host", f"127.0.0.1:{centre.daemon.rpc_port}", "watch",
               "--count", "2", "call.ended"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as plain, \
            subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) as raw:
        wait_until("both watch", lambda: _subscribers(centre) >= 2)
        for call in "c2", "c3":
            centre.pbx.call("call.ended", call_id=call, by="caller")
        lines, events = plain.communicate(timeout=PATIENCE)[0], raw.communicate(timeout=PATIENCE)[0]
    assert plain.returncode == raw.returncode == 0
    assert [line.split()[1] for line in lines.splitlines()] == ["call.ended"] * 2
    assert "call_id=c2" in lines and "outcome=short_abandoned" in lines
    assert [json.loads(line)["data"]["call_id"] for line in events.splitlines()] == ["c2", "c3"]


def _subscribers(ctl):
    """Sessions beside ours and the telephony system's that have subscribed."""
    import urllib.request
    text = urllib.request.urlopen(f"http://127.0.0.1:{ctl.daemon.http_port}/metrics").read().decode()
    line = [x for x in text.splitlines()
            if x.startswith('najimi_rpc_requests_total{method="events.subscribe",code="0"}')]
    return float(line[0].split()[-1]) if line else 0


def test_watch_lives_longer_than_the_silence_the_daemon_allows(make_daemon, redis_server, tools):
    daemon = make_daemon(redis=redis_server, options={"rpc": 'heartbeat = "1s";'}).start()
    pbx = daemon.pbx(heartbeat_ms=60000)
    command = [str(tools / "najimictl"), "--host", f"127.0.0.1:{daemon.rpc_port}", "watch",
               "--count", "1", "call.ended"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watch:
        with pytest.raises(subprocess.TimeoutExpired):
            watch.wait(timeout=5)  # the daemon would not be patient for more than three heartbeats
        pbx.call("call.arrive", call_id="c1", queue="sales")
        pbx.call("call.ended", call_id="c1", by="caller")
        assert "call_id=c1" in watch.communicate(timeout=PATIENCE)[0]


def test_watch_ends_with_the_daemon(ctl):
    command = [ctl.program, "--host", f"127.0.0.1:{ctl.daemon.rpc_port}", "watch"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as watch:
        wait_until("it watches", lambda: _subscribers(ctl) >= 1)
        ctl.daemon.kill()
        assert "closed the connection" in watch.communicate(timeout=PATIENCE)[1]
    assert watch.returncode == 3


def test_check_and_reload_say_what_is_wrong(ctl):
    assert ctl("check") == "the configuration file is good\n"
    assert ctl("reload") == "the configuration is reloaded\n"
    config = ctl.daemon.config
    good = config.read_text()
    config.write_text(good + "\nnonsense = 3;\n")
    for command in "check", "reload":
        assert "nonsense" in ctl.fails(1, command)
    config.write_text(good)
    assert ctl.json("reload") == {"ok": True}


def test_exit_status_and_words_for_what_fails(ctl, tmp_path):
    assert "unknown_queue" in ctl.fails(1, "queues", "nowhere")
    assert "unknown_agent" in ctl.fails(1, "agents", "nobody")
    assert "unknown_call" in ctl.fails(1, "explain", "nothing")
    assert "there is no command dance" in ctl.fails(2, "dance")
    assert "usage: najimictl explain CALL_ID" in ctl.fails(2, "explain")
    assert "--timeout" in ctl.fails(2, "ping", "--timeout", "soon")
    assert "No such file" in ctl.fails(2, "ping", "--token-file", str(tmp_path / "none"))
    assert "refused" in ctl.fails(3, "ping", host=f"127.0.0.1:{free_port()}")
    assert "not a daemon's native port" in ctl.fails(
        3, "ping", host=f"127.0.0.1:{_a_web_server(tmp_path)}")


def _a_web_server(tmp_path):
    """A port that speaks, but not our language."""
    import socket
    import threading
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.recv(4096)
        connection.close()
        listener.close()
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def test_the_host_may_come_from_the_environment(ctl):
    host = f"127.0.0.1:{ctl.daemon.rpc_port}"
    assert "answers in" in ctl("ping", host=False, env={"NAJIMI_HOST": host})


def test_a_token_says_who_it_is(make_daemon, redis_server, tools, tmp_path):
    daemon = make_daemon(redis=redis_server, options={"rpc": 'trust = "session";'}, more="""
clients = (
    { name = "*"; role = "observer"; token = "look"; },
    { name = "*"; role = "supervisor"; token = "boss"; }
);""").start()
    ctl = Ctl(tools / "najimictl", daemon)
    look, boss = tmp_path / "look", tmp_path / "boss"
    look.write_text("look\n")
    boss.write_text("boss\n")
    assert "unauthorized" in ctl.fails(1, "status")
    assert "Site" in ctl("status", "--token-file", str(look))
    words = ctl.fails(1, "--role", "king", "--token-file", str(look), "status")
    assert "wants one of" in words and "supervisor" in words
    assert "forbidden" in ctl.fails(1, "reload", "--token-file", str(look))
    assert "reloaded" in ctl("reload", "--token-file", str(boss))
    assert "Site" in ctl("status", env={"NAJIMI_TOKEN_FILE": str(look)})


def test_help_and_version_need_no_daemon(ctl):
    text = ctl("--help", host=False)
    for command in ("status", "queues", "agents", "calls", "explain", "caller", "watch", "ping",
                    "check", "reload"):
        assert f"\n  {command}" in text
    assert ctl("--version", host=False).startswith("najimictl ")


def test_a_table_has_no_colour_and_no_white_space_at_its_ends(centre):
    for command in "queues", "agents", "calls":
        text = centre(command)
        assert "\x1b" not in text
        assert all(line == line.rstrip() for line in text.splitlines()), text


# --- figures ---


def test_figures_are_told_by_queue_agent_hour_and_day(ctl, centre):
    ctl.pbx.call("call.ended", call_id="c1", by="caller")
    table = ctl("stats")
    head, row = table.splitlines()[:2]
    assert head.split()[:3] == ["QUEUE", "ARRIVED", "ANSWERED"] and row.split()[:3] == ["sales", "3", "1"]
    assert "alice" in ctl("stats", "--by", "agent")
    assert ctl("stats", "--by", "day").splitlines()[0].startswith("DAY")
    assert ":00" in ctl("stats", "--by", "hour")
    answer = ctl.json("stats")
    assert answer["rows"][0]["offered"] == 3 and answer["by"] == "queue"
    assert ctl.json("stats", "--from", "2026-01-01", "--to", "2026-01-02")["rows"] == []
    assert "Nothing was counted." in ctl("stats", "--from", "2026-01-01", "--to", "2026-01-02")


def test_figures_as_csv_are_read_by_others(ctl, centre):
    ctl.pbx.call("call.ended", call_id="c1", by="caller")
    rows = list(csv.DictReader(io.StringIO(ctl("stats", "--format", "csv"))))
    assert [(row["queue"], row["offered"], row["answered"], row["sticky_own"]) for row in rows] == \
        [("sales", "3", "1", "0")]
    assert float(rows[0]["service_level"]) == 1 and int(rows[0]["talk_mean_ms"]) >= 0
    agents = {row["agent"]: row for row in csv.DictReader(io.StringIO(ctl("stats", "--by", "agent", "--format", "csv")))}
    assert set(agents) == {"alice", "bob"} and agents["alice"]["handled"] == "1"
    assert int(agents["bob"]["paused_ms"]) > 0


def test_missed_offers_are_told_by_kind(ctl):
    """By queue, hour and day as by agent, in CSV as in JSON; one offer of each kind was missed, two were busy."""
    pbx = ctl.daemon.pbx()
    pbx.call("agent.login", agent="alice", target="PJSIP/alice", queues=["sales"], state="ready")
    for number, reason in enumerate(("no_answer", "busy", "rejected", "unreachable", "busy")):
        call = f"m{number}"
        offer = pbx.call("call.arrive", call_id=call, queue="sales")["offer"]
        pbx.call("call.failed", call_id=call, offer=offer, reason=reason)
        pbx.call("call.ended", call_id=call, by="caller")
        pbx.call("agent.ready", agent="alice")
    missed = {"no_answer": 1, "busy": 2, "rejected": 1, "unreachable": 1}
    for by in "queue", "agent", "hour", "day":
        # An hour may end, and a day, while the telephone rings.
        told = [row["missed"] for row in ctl.json("stats", "--by", by)["rows"]]
        text = ctl("stats", "--by", by, "--format", "csv")
        table = list(csv.DictReader(io.StringIO(text)))
        assert len(table) == len(told) > 0
        for kind, count in missed.items():
            assert sum(row[kind] for row in told) == count, (by, kind)
            assert [row[f"missed_{kind}"] for row in table] == [str(row[kind]) for row in told], (by, kind)
        if by != "agent":  # whose had them before
            assert text.splitlines()[0].endswith(",missed_no_answer,missed_busy,missed_rejected,missed_unreachable")


def test_a_wrong_question_for_figures_is_refused(ctl):
    assert "is no day" in ctl.fails(1, "stats", "--from", "yesterday")
    assert "none of queue, agent, hour, day" in ctl.fails(1, "stats", "--by", "moon")
    assert "--format" in ctl.fails(2, "stats", "--format", "xml")
