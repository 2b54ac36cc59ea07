"""A real Prometheus reads a daemon under a load that comes and goes, and that is killed now and then. What was true at
every scrape is asked of Prometheus at the end. NAJIMI_LOAD_SECONDS says for how long: 3600 is the hour of those who
want to be sure, a quarter of a minute is what everybody runs."""
import json
import os
import random
import threading
import time
from datetime import datetime, timedelta, timezone

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from busy_centre import ago
from daemon import PATIENCE, wait_until
from native_client import Client, Disconnected, RpcError
from prometheus import Prometheus, program
from test_http import OPENMETRICS, get

SECONDS = float(os.environ.get("NAJIMI_LOAD_SECONDS", "15"))
RATES = (2, 30, 8, 60, 0.5)  # calls a second, one after the other
QUEUES = """
queues = (
    { name = "sales"; sticky = { policy = "fixed"; wait_busy = "3s"; }; },
    { name = "support"; service_level = "3s"; sticky = { policy = "rate"; value = "60s"; }; },
    { name = "night"; open = false; },
    { name = "名古屋 \\"fax\\""; }
);
"""
NAMES = ("sales", "support", "night", '名古屋 "fax"')
OPTIONS = {"queue": 'wrapup = "100ms"; wait_max = "8s"; waiting_max = 200; short_abandon = "1s"; '
                    'sticky = { min_talk = "0s"; holdout = "20%"; };',
           "fcr": 'reconnect = "1s";', "rpc": 'orphan_max = "2s";', "log": 'level = "info";'}


class Line(threading.Thread):
    """A telephony system: what it was told of each of its calls, and what it does next with one of them."""

    def __init__(self, daemon, name):
        super().__init__(daemon=True)
        self.port, self.client_name = daemon.rpc_port, name
        self.chance = random.Random(name)
        self.calls = {}  # call id -> ["waiting" | "offered" | "talking", offer]
        self.number, self.running, self.refused = 0, True, []

    def run(self):
        while self.running:
            try:
                with Client(self.port) as client:
                    client.open(self.client_name)
                    self.come_back(client)
                    self.live(client)
            except (OSError, Disconnected, TimeoutError):
                time.sleep(0.01)
            except RpcError as error:
                if error.code != -32003:  # not ready: it starts
                    self.refused.append(str(error))

    def come_back(self, client):
        """Some of the calls are still there; some telephony systems have lost all of theirs."""
        states = [{"call_id": call, "state": "talking" if state == "talking" else "waiting"}
                  for call, (state, _) in self.calls.items()] if self.chance.random() < 0.7 else []
        answer = client.call("call.sync", calls=states)
        known = {state["call_id"] for state in states} - set(answer["unknown"]) - set(answer["ended"])
        self.calls = {call: what for call, what in self.calls.items() if call in known}

    def live(self, client):
        while self.running:
            rate = RATES[int(time.monotonic() / max(2, SECONDS / 40)) % len(RATES)]
            time.sleep(self.chance.expovariate(3 * rate))
            if len(self.calls) < 5 or (len(self.calls) < 40 and self.chance.random() < 0.34):
                self.arrive(client)
            elif self.calls:
                self.go_on(client, self.chance.choice(list(self.calls)))

    def arrive(self, client):
        self.number += 1
        call = f"{self.client_name}-{os.getpid()}-{self.number}"
        customer = self.chance.randrange(60)
        who = {"from": f"0312345{customer:03}"} if customer < 30 else {"customer_id": f"k{customer}"}
        queue = self.chance.choices(NAMES, (10, 8, 1, 1))[0]
        self.calls[call] = ["waiting", 0]
        self.decided(call, client.call("call.arrive", call_id=call, queue=queue, **who,
                                       arrived_at=ago(self.chance.choice((0, 0, 0, 2, 4)))))

    def decided(self, call, decision):
        if decision["action"] == "connect":
            self.calls[call] = ["offered", decision["offer"]]
        elif decision["action"] != "queue":
            del self.calls[call]

    def go_on(self, client, call):
        state, offer = self.calls[call]
        way = self.chance.random()
        try:
            if state == "talking" or way < 0.1:
                del self.calls[call]
                client.call("call.ended", call_id=call, by="caller")
            elif state == "waiting":
                self.decided(call, client.call("call.wait", call_id=call, wait_ms=0))
            elif way < 0.2:
                self.decided(call, client.call("call.failed", call_id=call, offer=offer, reason="busy"))
            else:
                client.call("call.answered", call_id=call, offer=offer)
                self.calls[call] = ["talking", offer]
        except RpcError as error:
            self.calls.pop(call, None)
            # An offer that nobody took in time, a call that was sent elsewhere or has ended meanwhile.
            if error.code not in (-32014, -32010):
                raise


class Down:
    """When nobody could be asked, and since when."""

    def __init__(self):
        self.times = []

    def kill(self, daemon, pause):
        begin = time.time()
        daemon.kill()
        time.sleep(pause)
        daemon.start()
        self.times.append((begin, time.time()))

    def holds(self, at):
        """Whether a scrape that began then may have failed: Prometheus waits for a second."""
        return any(begin - 1.1 <= at <= end + 0.1 for begin, end in self.times)


def parse_strictly(daemon):
    """Both formats, by those who wrote them. What is known of contacts comes a moment after a start."""
    plain = get(daemon, "/metrics").body.decode()
    families = list(text_parser.text_string_to_metric_families(plain))
    openmetrics = get(daemon, "/metrics", Accept=OPENMETRICS).body.decode()
    again = list(openmetrics_parser.text_string_to_metric_families(openmetrics))
    assert len(families) > 60 and len(again) >= len(families)


def live_through(daemon, lines):
    down, chance, end = Down(), random.Random(4), time.monotonic() + SECONDS
    every = max(5.0, SECONDS / 60)
    kill_at = time.monotonic() + every / 2
    while time.monotonic() < end:
        time.sleep(0.5)
        assert [line.refused for line in lines if line.refused] == []
        parse_strictly(daemon)
        if time.monotonic() >= kill_at:
            down.kill(daemon, chance.choice((0, 0, 0, 2.5)))
            kill_at = time.monotonic() + chance.uniform(0.5, 1.5) * every
    return down


def test_what_prometheus_saw_under_load(make_daemon, redis_server, tmp_path):
    program("prometheus")
    daemon = make_daemon(redis=redis_server, queues=QUEUES, options=OPTIONS).start()
    with daemon.pbx("desk") as desk:
        for n in range(8):
            desk.call("agent.login", agent=f"a{n}", target=f"PJSIP/a{n}", state="ready",
                      queues=["sales", NAMES[3]] if n % 2 else ["support", "sales"])
    prometheus = Prometheus(tmp_path / "prometheus", daemon.http_port, "1s")
    lines = [Line(daemon, f"pbx-{n}") for n in range(3)]
    try:
        prometheus.start()
        begin = time.time()
        for line in lines:
            line.start()
        down = live_through(daemon, lines)
        for line in lines:
            line.running = False
        for line in lines:
            line.join(timeout=PATIENCE)
        look_back(prometheus, daemon, down, begin)
    finally:
        prometheus.stop()


def look_back(prometheus, daemon, down, begin):
    # Whoever was still there is lost with the telephony systems, so nothing moves any more.
    wait_until("all is over, and scraped", lambda: prometheus.value(
        'sum(najimi_queue_calls) + sum(najimi_agents{state="wrapup"})') == 0)
    span = f"{int(time.time() - begin) + 1}s"
    scrapes = prometheus.ask("query", query=f"up[{span}]")["result"][0]["values"]
    # Prometheus waits for a second, and some machines stand still for that long.
    late = {at for at, took in prometheus.ask("query", query=f"scrape_duration_seconds[{span}]")["result"][0]["values"]
            if float(took) > 0.9}
    assert [at for at, up in scrapes if up != "1" and at not in late and not down.holds(at)] == [], \
        "scrapes that could not be read"
    seen = sum(up == "1" for _, up in scrapes)
    # Nothing moves any more, but the last scrape may be late. A millisecond behind it, for Prometheus cuts fractions of
    # a second off where it should round them, and may then see the scrape before, which failed.
    prometheus.at = max(at for at, up in scrapes if up == "1") + 0.001
    assert seen > 0.7 * SECONDS - 2 * len(down.times)
    nothing_goes_down(prometheus, span, len(down.times))
    everybody_is_somewhere(prometheus, span)
    the_same_as_stats(prometheus, daemon)
    print(f"{len(scrapes)} scrapes, {seen} answered, {len(down.times)} kills, "
          f"{prometheus.value('sum(najimi_calls_offered_total)'):.0f} calls")


def nothing_goes_down(prometheus, span, kills):
    counters = [name for name in prometheus.ask("label/__name__/values")
                if name.startswith("najimi_") and name.endswith(("_total", "_bucket", "_count", "_sum"))]
    assert len(counters) > 60
    kept = 0
    for name in counters:
        back = dict((tuple(labels.items()), value)
                    for labels, value in prometheus.query(f'resets({name}{{queue!=""}}[{span}])'))
        assert not any(back.values()), (name, back)
        kept += bool(back)
        # The daemon's own begin anew with it, and at no other time.
        assert all(value <= kills for _, value in prometheus.query(f"resets({name}[{span}])")), name
    assert kept > 40
    assert prometheus.value(f"resets(najimi_contact_reconnects_total[{span}])") == 0


def everybody_is_somewhere(prometheus, span):
    away = ('abs(sum(najimi_calls_offered_total) - sum(najimi_calls_completed_total)'
            ' - sum(najimi_queue_calls{state!="recalling"}))')
    assert prometheus.value(f"max_over_time(({away})[{span}:1s])") == 0
    assert prometheus.value(f"count_over_time(({away})[{span}:1s])") > 0.6 * SECONDS
    # Not because nothing happened.
    assert prometheus.value(f"max_over_time(sum(najimi_queue_calls{{state='waiting'}})[{span}:1s])") > 3
    outcomes = dict((labels["outcome"], value) for labels, value in prometheus.query(
        "sum by (outcome) (najimi_calls_completed_total)"))
    assert all(outcomes[word] > 0 for word in ("answered", "abandoned", "short_abandoned", "rejected", "lost")), outcomes


def the_same_as_stats(prometheus, daemon):
    yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).date().isoformat()
    rows = {row["queue"]: row for row in json.loads(get(
        daemon, f"/v1/stats?from={yesterday}&by=queue").body)["rows"]}
    assert set(rows) == set(NAMES)

    def by_queue(expression):
        return {labels["queue"]: value for labels, value in prometheus.query(expression)}

    levels = by_queue("sum by (queue) (najimi_service_level_answered_in_time_total)"
                      " / sum by (queue) (najimi_service_level_decided_total)")
    offered = by_queue("sum by (queue) (najimi_calls_offered_total)")
    answered = by_queue('najimi_calls_completed_total{outcome="answered"}')
    talks = by_queue("najimi_call_talk_seconds_count")
    for queue, row in rows.items():
        assert (row["offered"], row["answered"], row["talk"]["count"]) == \
            (offered[queue], answered[queue], talks[queue]), queue
        if row["service_level"] is None:
            assert levels[queue] != levels[queue], queue  # 0 of 0
        else:
            assert abs(row["service_level"] - levels[queue]) < 1e-4, (queue, row["service_level"], levels[queue])
