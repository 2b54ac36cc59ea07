"""Figures outlive the daemon: whatever was told of them once is never taken back."""
import http.client
import json
import random
import subprocess
import threading
import time
from datetime import date, datetime, timedelta, timezone

import pytest

from daemon import PATIENCE, wait_until
from native_client import RpcError
from test_http import get, metrics
from test_restart import Load

KEYS = "najimi:{main}:"
WITH_THE_CALLS = tuple("najimi_" + word for word in ("call", "service", "offers", "sticky", "promises",
                                                     "estimate", "group"))
LIVE = ("waiting", "offered", "talking", "held")


def totals(values):
    """The samples that must never go down: all counters of queues."""
    return {key: value for key, value in values.items()
            if key[0].endswith(("_total", "_bucket", "_count", "_sum")) and dict(key[1]).get("queue")}


def add_up(values):
    """What was offered, and what became of it."""
    def of(name, **labels):
        return sum(v for (n, held), v in values.items() if n == name and labels.items() <= dict(held).items())
    live = sum(of("najimi_queue_calls", state=state) for state in LIVE)
    return of("najimi_calls_offered_total"), of("najimi_calls_completed_total") + live


class Scraper(threading.Thread):
    """Prometheus in a hurry."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.najimid, self.running = daemon, True
        self.last, self.scrapes, self.wrong = {}, 0, []

    def run(self):
        while self.running:
            try:
                values = metrics(self.najimid)
            except (OSError, http.client.HTTPException):
                time.sleep(0.005)
                continue
            seen = totals(values)
            if not seen:
                continue   # the past is not known yet
            self.scrapes += 1
            self.wrong += [f"{key}: {self.last[key]} became {value}" for key, value in seen.items()
                           if value < self.last.get(key, 0)]
            # What is known of contacts is read a moment later than the rest.
            self.wrong += [f"{key} is gone" for key in self.last
                           if key not in seen and key[0].startswith(WITH_THE_CALLS)]
            offered, found = add_up(values)
            if offered != found:
                self.wrong.append(f"offered {offered}, found {found}")
            self.last.update(seen)


def test_no_counter_goes_down_though_the_daemon_is_killed(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; waiting_max = 5000; service_level = "100ms"; '
                 'short_abandon = "20ms"; sticky = { min_talk = "0s"; };',
        "rpc": 'orphan_max = "10m";', "log": 'level = "info";'}).start()
    desk = daemon.pbx("desk")
    for n in range(20):
        desk.call("agent.login", agent=f"a{n}", target=f"a{n}", queues=["sales"], state="ready")
    chance = random.Random(5)
    loads = [Load(daemon, f"pbx-{n}") for n in range(3)]
    scraper = Scraper(daemon)
    for thread in [*loads, scraper]:
        thread.start()
    for _ in range(10):
        time.sleep(chance.uniform(0.2, 0.7))
        daemon.kill()
        daemon.start()
    wait_until("enough is done and looked at", lambda: scraper.scrapes > 20 and sum(
        len(load.acknowledged) for load in loads) > 100)
    for load in loads:
        load.running = False
    for load in loads:
        load.join(timeout=PATIENCE)
        assert not load.is_alive() and load.violations == []
    scraper.running = False
    scraper.join(timeout=PATIENCE)
    assert scraper.wrong[:5] == []
    # At the end they are exact: each call is there once.
    values = metrics(daemon)
    offered, found = add_up(values)
    live = sum(v for (name, held), v in values.items()
               if name == "najimi_queue_calls" and dict(held)["state"] in LIVE)
    client = redis_server.client()
    assert live == client.hlen(KEYS + "calls")
    assert offered == found == client.xlen(KEYS + "contacts") + live
    acknowledged = sum(len(load.acknowledged) for load in loads)
    assert offered >= acknowledged
    # What Redis has by day says the same, and so does the question for it.
    day, = client.keys(KEYS + "day:????-??-??")  # beside it there are those of first contacts, in their time
    rows = {k: json.loads(v) for k, v in client.hgetall(day).items()}
    assert sum(row.get("offered", 0) for row in rows.values()) == offered
    answer = json.loads(get(daemon, "/v1/stats?by=day").body)
    assert answer["rows"][0]["offered"] == offered
    handled = sum(row["handled"] for row in json.loads(get(daemon, "/v1/stats?by=agent").body)["rows"])
    answered = values["najimi_calls_completed_total", (("outcome", "answered"), ("queue", "sales"))]
    assert answered <= handled + sum(1 for call in desk_calls(daemon) if call["state"] == "talking")


def test_totals_of_queues_add_up_after_a_kill(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"queue": 'wrapup = "0s";'}).start()
    with daemon.pbx() as pbx:
        pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
        pbx.call("call.arrive", call_id="c1", queue="sales")
        pbx.call("call.answered", call_id="c1", offer=1)
        pbx.call("call.arrive", call_id="c2", queue="sales")
    daemon.kill()
    daemon.start()
    with daemon.pbx() as pbx:
        pbx.call("call.sync", calls=[{"call_id": "c1", "state": "talking", "agent": "alice"},
                                     {"call_id": "c2", "state": "waiting"}])
        pbx.call("call.ended", call_id="c1", by="caller")
        shown = [pbx.call("queue.get", queue="sales"), pbx.call("queue.list")["queues"][0],
                 json.loads(get(daemon, "/v1/queues/sales").body), json.loads(get(daemon, "/v1/queues").body)["queues"][0]]
        for queue in shown:
            assert (queue["arrived"], queue["outcomes"]["answered"], queue["offered"], queue["answered_in_time"]) == (2, 1, 1, 1)


def desk_calls(daemon):
    with daemon.pbx("desk") as desk:
        return desk.call("call.list", limit=10000)["calls"]


def asked(daemon):
    """What it tells, nothing while it does not answer."""
    try:
        return metrics(daemon)
    except (OSError, http.client.HTTPException):
        return {}


def test_totals_go_on_after_a_fail_over(make_daemon, redis_server):
    """One leads, one stands by; who leads is killed, again and again, and the other goes on with the figures."""
    options = {"queue": 'wrapup = "0s"; waiting_max = 5000; sticky = { min_talk = "0s"; };',
               "rpc": 'orphan_max = "10m";', "log": 'level = "info";'}
    leader, other = (make_daemon(folder, redis=redis_server, options=options) for folder in ("one", "two"))
    leader.start()
    with leader.pbx("desk") as desk:
        for n in range(5):
            desk.call("agent.login", agent=f"a{n}", target=f"a{n}", queues=["sales"], state="ready")
    for round in range(3):
        other.start(wait=False)
        load = Load(leader, f"pbx-{round}")
        load.start()
        wait_until("calls", lambda: len(load.acknowledged) > 100)
        told = totals(wait_until("figures", lambda: asked(leader)))
        # Who stands by knows no totals, and says so by telling none.
        idle = wait_until("the other answers", lambda: asked(other))
        assert not totals(idle) and idle["najimi_leader", ()] == 0
        load.running = False
        leader.kill()
        load.join(timeout=PATIENCE)
        leader, other = other, leader
        leader.wait_log("daemon.ready")
        values = wait_until("figures", lambda: (lambda found: totals(found) and found)(asked(leader)))
        assert [key for key, value in totals(values).items() if value < told.get(key, 0)] == []
        assert {key for key in told if key[0].startswith(WITH_THE_CALLS)} <= set(values)
        offered, found = add_up(values)
        assert offered == found >= len(load.acknowledged)
        handled = json.loads(get(leader, "/v1/stats?by=agent").body)["rows"]
        assert sum(row["handled"] for row in handled) > 0


def test_while_redis_is_away_figures_wait(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"queue": 'wrapup = "0s";'}).start()
    pbx = daemon.pbx()
    pbx.call("call.arrive", call_id="c1", queue="sales")
    before = totals(metrics(daemon))
    redis_server.kill()
    daemon.wait_log("redis.lost")
    for n in range(2, 6):
        pbx.call("call.arrive", call_id=f"c{n}", queue="sales")
        pbx.call("call.ended", call_id=f"c{n}", by="caller")
    values = metrics(daemon)
    assert add_up(values) == (5, 5)
    redis_server.start()
    daemon.wait_log("store.rewritten")
    metrics(daemon)
    daemon.kill()
    daemon.start()
    after = totals(metrics(daemon))
    assert add_up(metrics(daemon)) == (5, 5)
    assert all(after[key] >= value for key, value in before.items())


AHEAD = 15  # seconds until midnight: enough for a slow machine to start a daemon and do what is of yesterday


def zone_before_midnight():
    """A zone where it is so long before midnight, and its midnight."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    wanted = now.replace(hour=23, minute=59, second=60 - AHEAD)
    offset = int((now - wanted).total_seconds())   # west of Greenwich is positive in TZ
    if offset > 12 * 3600:
        offset -= 24 * 3600
    sign = "" if offset >= 0 else "-"
    offset = abs(offset)
    return f"SITE{sign}{offset // 3600}:{offset // 60 % 60:02}:{offset % 60:02}", now.timestamp() + AHEAD


def test_agents_time_goes_on_over_a_midnight_without_a_daemon(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server)
    with pytest.MonkeyPatch.context() as patch:
        zone, midnight = zone_before_midnight()
        patch.setenv("TZ", zone)
        daemon.start()
        with daemon.pbx() as pbx:
            began = time.time()
            pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
            there = time.time()
            pbx.call("agent.pause", agent="alice", reason="lunch")
            yesterday = json.loads(get(daemon, "/v1/stats").body)["to"]
        daemon.kill()
        time.sleep(max(0.0, midnight + 2 - time.time()))
        daemon.start()

        def of(day):
            return json.loads(get(daemon, f"/v1/stats?from={day}&to={day}&by=agent").body)["rows"]
        today = json.loads(get(daemon, "/v1/stats").body)["to"]
        assert today > yesterday
        before, = wait_until("yesterday is written", lambda: [
            row for row in of(yesterday) if row["logged_in_ms"] > 1000])
        asked = time.time()
        now, = of(today)
        told = time.time()
        assert before["pauses_ms"]["lunch"] > 1000 and now["pauses_ms"]["lunch"] > 1000
        spent = (before["logged_in_ms"] + now["logged_in_ms"]) / 1000
        assert asked - there - 0.1 < spent < told - began + 0.1


def test_no_time_of_an_agent_is_lost_by_kills_in_one_talk(make_daemon, redis_server):
    """The caller is put on hold, and taken back, between four kills: the agent's time is the contact's."""
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };', "rpc": 'orphan_max = "10m";'}).start()

    def day():
        return json.loads(get(daemon, "/v1/stats?by=agent").body)["rows"][0]
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    time.sleep(0.2)
    pbx.call("call.arrive", call_id="c1", queue="sales")
    pbx.call("call.answered", call_id="c1", offer=1)
    there = 0
    for what in "call.held", "call.retrieved", "call.held", "call.retrieved":
        time.sleep(0.2)
        pbx.call(what, call_id="c1")
        time.sleep(0.1)
        there_before, there = there, day()["logged_in_ms"]
        assert there > there_before
        daemon.kill()
        time.sleep(0.3)  # in which nobody counts
        daemon.start()
        assert day()["logged_in_ms"] > there
        pbx = daemon.pbx()
    pbx.call("call.ended", call_id="c1", by="caller")
    entry, = redis_server.client().xrange(KEYS + "contacts")
    contact, found = json.loads(entry[1]["contact"]), day()
    assert contact["talk_ms"] > 600 and contact["hold_ms"] > 600
    for figure in "talk_ms", "hold_ms":  # pieces, each of whole milliseconds
        assert abs(found[figure] - contact[figure]) <= 10, (figure, found, contact)
    assert found["ready_ms"] >= 200


def test_a_day_on_which_no_daemon_led_has_no_time_of_agents(make_daemon, redis_server, tools):
    daemon = make_daemon(redis=redis_server)

    def asked_of(first, last=None):
        return json.loads(get(daemon, f"/v1/stats?from={first}&to={last or first}&by=agent").body)["rows"]

    def today():
        return date.fromisoformat(json.loads(get(daemon, "/v1/stats").body)["to"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "SITE+24:00")  # it is yesterday still
        daemon.start()
        first = today()
        with daemon.pbx() as pbx:
            pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
            time.sleep(0.05)
            pbx.call("agent.pause", agent="alice", reason="lunch")
        daemon.kill()
        patch.setenv("TZ", "SITE-24:00")  # the day after tomorrow, with alice at lunch all the time
        daemon.start()
        last = today()
        between = first + timedelta(days=1)
        assert last > between
        row, = asked_of(first)
        assert row["ready_ms"] >= 50 and row["days"] == 1
        assert asked_of(between) == []  # not a row of zeros
        row, = asked_of(first, last)
        assert row["days"] == 2
        ctl = [tools / "najimictl", "--host", f"127.0.0.1:{daemon.rpc_port}", "stats", "--by", "agent", "--from"]
        assert subprocess.check_output([*ctl, str(between), "--to", str(between)], text=True) == "Nothing was counted.\n"
        head, row = subprocess.check_output([*ctl, str(first)], text=True).splitlines()
        assert head.split()[-1] == "DAYS" and row.split()[-1] == "2"


def test_a_new_day_begins_at_the_sites_midnight(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone_before_midnight()[0])
        daemon.start()
        pbx = daemon.pbx()
        pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
        pbx.call("call.arrive", call_id="c1", queue="sales")
        pbx.call("call.answered", call_id="c1", offer=1)
        daemon.wait_log("day.over")
        time.sleep(0.01)  # of today, too, there is something to count
        pbx.call("call.ended", call_id="c1", by="caller")
        first = json.loads(get(daemon, "/v1/stats").body)
        yesterday = (datetime.fromisoformat(first["to"]) - timedelta(days=1)).date().isoformat()
        days = json.loads(get(daemon, f"/v1/stats?from={yesterday}&by=day").body)["rows"]
        assert [(row["day"], row["offered"], row["answered"]) for row in days] == \
            [(yesterday, 1, 0), (first["to"], 0, 1)]
        agents = [json.loads(get(daemon, f"/v1/stats?from={day}&to={day}&by=agent").body)["rows"][0]
                  for day in (yesterday, first["to"])]
        assert all(agent["talk_ms"] > 0 for agent in agents)
        assert [agent["handled"] for agent in agents] == [0, 1]
        assert add_up(metrics(daemon)) == (1, 1)
        daemon.kill()
        daemon.start()
        assert add_up(metrics(daemon)) == (1, 1)
    client = redis_server.client()
    assert client.exists(KEYS + "day:" + yesterday) and 0 < client.ttl(KEYS + "day:" + yesterday) <= 400 * 86400
    assert json.loads(client.hget(KEYS + "totals", "sales")) == \
        dict(json.loads(client.hget(KEYS + "totals", "sales")), before=first["to"], offered=1)


@pytest.mark.parametrize("query, words", [
    ("from=2026-13-01", "from: '2026-13-01' is no day"),
    ("from=2026-02-02&to=2026-02-01", "to: 2026-02-01 is before 2026-02-02"),
    ("from=2020-01-01&to=2026-02-01", "more than 400 days"),
    ("by=team", "by: 'team' is none of queue, agent, hour, day"),
    ("until=2026-02-01", "'until' is none of from, to, by"),
])
def test_a_bad_question_is_told_what_is_wrong(daemon, query, words):
    answer = get(daemon, "/v1/stats?" + query)
    assert answer.status == 400 and words in json.loads(answer.body)["detail"]


def test_days_that_are_over_can_be_asked_for(make_daemon, redis_server):
    client = redis_server.client()
    client.hset(KEYS + "day:2026-01-05", mapping={
        "queue/sales/09": json.dumps({"v": 1, "offered": 10, "answered": 8, "answered_in_time": 6,
                                      "service_missed": 2, "talk": {"ms": 80000, "10000": 4, "inf": 4}}),
        "queue/sales/10": json.dumps({"v": 1, "offered": 2}),
        "agent/alice": json.dumps({"v": 1, "handled": 8, "talk_ms": 80000, "ready_ms": 20000})})
    daemon = make_daemon(redis=redis_server).start()
    by_queue = json.loads(get(daemon, "/v1/stats?from=2026-01-01&to=2026-01-31").body)
    assert by_queue["by"] == "queue" and by_queue["zone"] == ""
    row, = by_queue["rows"]
    assert (row["queue"], row["offered"], row["service_level"]) == ("sales", 12, 0.75)
    assert row["talk"] == {"count": 8, "mean_ms": 10000, "p50_ms": 10000, "p90_ms": None, "p95_ms": None, "p99_ms": None}
    with daemon.client() as boss:
        boss.open("boss", role="supervisor")
        hours = boss.call("stats.get", to="2026-01-31", by="hour", **{"from": "2026-01-01"})["rows"]
        assert [(row["hour"], row["offered"]) for row in hours] == [(9, 10), (10, 2)]
        agent, = boss.call("stats.get", to="2026-01-31", by="agent", **{"from": "2026-01-01"})["rows"]
        assert agent["occupancy"] == 0.8
        with pytest.raises(RpcError) as error:
            boss.call("stats.get", by="moon")
        assert error.value.code == -32602 and error.value.data["field"] == "by"
    redis_server.kill()
    daemon.wait_log("redis.lost")
    assert get(daemon, "/v1/stats?from=2026-01-01&to=2026-01-31").status == 503
    assert get(daemon, "/v1/stats").status == 200   # today is known
    redis_server.start()
    wait_until("Redis is back", lambda: get(daemon, "/v1/stats?from=2026-01-01&to=2026-01-31").status == 200)
