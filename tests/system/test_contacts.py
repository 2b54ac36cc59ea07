"""Finished contacts as others read them: najimictl contacts, and a consumer group that loses a
consumer."""
import csv
import io
import json
import subprocess
import time

import pytest

from daemon import Daemon, wait_until
from test_http import metrics

STREAM = "najimi:{main}:contacts"
QUICK = {"queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'}
SECRETS = "312345678", "K-77"


def talk(pbx, call, queue="sales", **more):
    """One whole answered call; the contact's id."""
    decision = pbx.call("call.arrive", call_id=call, queue=queue, **more)
    pbx.call("call.answered", call_id=call, offer=decision["offer"])
    return pbx.call("call.ended", call_id=call, by="caller")["contact"]


@pytest.fixture
def busy(make_daemon, redis_server):
    """Six finished contacts: three of one caller, one of a customer, one of nobody, one given up."""
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    pbx = daemon.pbx()
    for agent, queue in ("alice", "sales"), ("bob", "support"):
        pbx.call("agent.login", agent=agent, queues=[queue], state="ready")
    for number in range(3):
        talk(pbx, f"c{number}", **{"from": "0312345678", "to": "0120-444-444"})
    talk(pbx, "c3", "support", customer_id="K-77", reason='a "reason", with\nall', **{"from": "0398765432"})
    talk(pbx, "c4", presentation="restricted", **{"from": "0312345678"})
    pbx.call("agent.pause", agent="alice")
    pbx.call("call.arrive", call_id="c5", queue="sales", **{"from": "0312345678"})
    pbx.call("call.ended", call_id="c5", by="caller")
    daemon.pbx_of_test = pbx
    return daemon


@pytest.fixture
def contacts(tools, busy):
    """Runs najimictl contacts with the daemon's configuration."""
    def ask(*words, code=0):
        done = subprocess.run([tools / "najimictl", "contacts", "--config", busy.config, *words],
                              capture_output=True, timeout=60, check=False)
        assert done.returncode == code, (done.returncode, done.stderr, done.stdout)
        ask.said = done.stderr.decode()
        return done.stdout.decode()
    return ask


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


# --- najimictl contacts ---


def test_csv_is_read_by_others_and_says_nothing_of_who_called(contacts):
    text = contacts("--format", "csv")
    assert text.count("\r\n") == 7
    rows = rows_of(text)
    assert [row["call"] for row in rows] == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert [row["caller"] for row in rows] == ["1", "1", "1", "2", "", "1"]
    assert rows[3]["reason"] == 'a "reason", with\nall'
    assert [row["outcome"] for row in rows] == ["answered"] * 5 + ["short_abandoned"]
    assert rows[1]["sticky"] == "own" and rows[1]["preferred"] == "alice"
    assert not any(secret in text for secret in SECRETS)
    named = contacts("--format", "csv", "--pii")
    assert rows_of(named)[0]["key"] == "tel:+81312345678" and rows_of(named)[3]["customer_id"] == "K-77"


def test_json_and_csv_say_the_same_and_as_redis_has_it(contacts, busy, redis_server):
    document = json.loads(contacts("--format", "json", "--pii"))
    assert json.loads(contacts("--json", "--pii")) == document
    entries = redis_server.client().xrange(STREAM)
    for found, row, (entry, fields) in zip(document["contacts"], rows_of(contacts("--format", "csv", "--pii")),
                                           entries, strict=True):
        assert found.pop("entry") == row["entry"] == entry
        found.pop("caller", None)
        assert found == json.loads(fields["contact"])
        for name, value in found.items():
            if name not in ("v", "fingerprint"):
                assert row[name] == (str(value).lower() if isinstance(value, bool) else str(value)), name
        assert not [name for name in found if name not in row and name not in ("v", "fingerprint")], \
            "a member that has no column"


def test_what_is_wanted_is_chosen_by_queue_agent_and_time(contacts):
    def calls(*words):
        return [one["call"] for one in json.loads(contacts("--json", *words))["contacts"]]

    assert calls("--queue", "support") == ["c3"]
    assert calls("--agent", "alice") == ["c0", "c1", "c2", "c4"]
    assert calls("--agent", "alice", "--queue", "support") == []
    assert calls("--until", "1h") == []
    assert len(calls("--since", "2020-01-01T00:00:00Z", "--until", "0s")) == 6
    first = json.loads(contacts("--json"))["contacts"][0]["ended_at"]
    assert calls("--until", first) == []
    assert calls("--since", first)[0] == "c0"


def test_it_goes_on_where_it_ended(contacts):
    found, after = [], ()
    while True:
        page = json.loads(contacts("--json", "--count", "4", *after))
        found += [one["call"] for one in page["contacts"]]
        if "next" not in page:
            break
        after = ("--after", page["next"])
    assert found == ["c0", "c1", "c2", "c3", "c4", "c5"]
    last = rows_of(contacts("--format", "csv", "--count", "2"))[-1]["entry"]
    assert contacts.said == f"najimictl: there are more: --after {last}\n"
    assert rows_of(contacts("--format", "csv", "--after", last))[0]["call"] == "c2"


def test_a_table_is_for_people(contacts):
    text = contacts("--queue", "sales")
    assert "short_abandoned" in text and "own" in text and "#1" in text
    assert not any(secret in text for secret in SECRETS)
    assert contacts("--queue", "nobody") == "no contacts\n"


def test_what_is_no_contact_and_what_cannot_be_read_is_left_out(contacts, redis_server):
    redis_server.client().xadd(STREAM, {"contact": "{"})
    redis_server.client().xadd(STREAM, {"disposition": "{}"})
    redis_server.client().xadd(STREAM, {"else": "x"})
    assert len(rows_of(contacts("--format", "csv"))) == 6
    assert contacts.said == "najimictl: 1 entries cannot be read\n"


def test_wrong_words_and_a_redis_that_is_not_there(contacts, tools, busy, redis_server, program, tmp_path):
    def fails(code, *words):
        done = subprocess.run([tools / "najimictl", "contacts", *map(str, words)], capture_output=True,
                              text=True, timeout=60, check=False)
        assert done.returncode == code, (done.stderr, done.stdout)
        return done.stderr

    assert "--format: 'xml' is none of table, csv, json" in fails(2, "--format", "xml")
    assert "--since: 'tuesday'" in fails(2, "--since", "tuesday")
    assert "'x' is no id of an entry" in fails(1, "--config", busy.config, "--after", "x")
    assert "/nowhere.conf" in fails(1, "--config", "/nowhere.conf")
    lost = Daemon(program, tmp_path / "lost", redis=redis_server)
    lost.config.write_text(lost.config.read_text().replace(redis_server.socket, "/nowhere.sock"))
    assert "/nowhere.sock" in fails(3, "--config", lost.config)


# --- a consumer group ---


class Group:
    """What a CRM does: takes entries, works on them, says so."""

    def __init__(self, redis, name="crm"):
        self.redis, self.name = redis, name
        redis.xgroup_create(STREAM, name, id="0", mkstream=True)

    def take(self, consumer, count=100):
        found = self.redis.xreadgroup(self.name, consumer, {STREAM: ">"}, count=count)
        return found[0][1] if found else []

    def done(self, entries):
        assert self.redis.xack(STREAM, self.name, *[entry for entry, _ in entries]) == len(entries)

    def pending(self):
        return self.redis.xpending(STREAM, self.name)["pending"]


def names(entries):
    return [json.loads(fields["contact"])["call"] for _, fields in entries]


def test_a_consumer_that_dies_leaves_its_contacts_to_another(busy, redis_server):
    group = Group(redis_server.client())
    first = group.take("worker-1", 2)
    group.done(first)
    lost = group.take("worker-1", 2)  # and with these it dies
    rest = group.take("worker-2")
    assert names(first + lost + rest) == ["c0", "c1", "c2", "c3", "c4", "c5"]
    group.done(rest)
    assert group.pending() == 2
    _, claimed, *_ = group.redis.xautoclaim(STREAM, group.name, "worker-2", min_idle_time=3600000)
    assert claimed == []  # perhaps it only takes long
    claimed = wait_until("they have lain for long enough", lambda: group.redis.xautoclaim(
        STREAM, group.name, "worker-2", min_idle_time=50)[1])
    assert claimed == lost
    group.done(claimed)
    assert group.pending() == 0 and group.take("worker-2") == []


def test_a_consumer_misses_and_doubles_nothing_while_the_daemon_is_killed(busy, redis_server):
    group = Group(redis_server.client())
    seen, ids = [], []

    def consume(consumer):
        entries = group.take(consumer, 3)
        seen.extend(json.loads(fields["contact"])["contact"] for _, fields in entries)
        ids.extend(entry for entry, _ in entries)
        group.done(entries) if entries else None
        return entries

    consume("worker-1")
    pbx = busy.pbx_of_test
    pbx.call("agent.ready", agent="alice")
    made = [talk(pbx, f"d{number}") for number in range(5)]
    busy.kill()
    consume("worker-2")
    busy.start()
    pbx = busy.pbx()
    made += [talk(pbx, f"e{number}") for number in range(5)]
    wait_until("all are there", lambda: not consume("worker-1"))
    assert len(seen) == len(set(seen)) == 16
    assert set(made) <= set(seen)
    assert group.pending() == 0
    info = redis_server.client().xinfo_groups(STREAM)[0]
    assert info["name"] == "crm" and info.get("lag", 0) == 0


def test_the_record_says_its_version_and_when_it_was(busy, redis_server):
    now = time.time()
    for entry, fields in redis_server.client().xrange(STREAM):
        contact = json.loads(fields["contact"])
        assert contact["v"] == 1
        assert abs(int(entry.split("-")[0]) / 1000 - now) < 60
        assert contact["arrived_at"] <= contact["ended_at"] and contact["contact"]


def test_the_record_says_what_was_promised_and_whether_it_was_in_time(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"queue": QUICK["queue"] + 'service_level = "2s";'}).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", queues=["sales"], state="ready")
    for number in range(12):  # so that an estimate can be made
        talk(pbx, f"c{number}", **{"from": "0312345678", "to": "0120444444"})
    decision = pbx.call("call.arrive", call_id="long", queue="sales")
    pbx.call("call.answered", call_id="long", offer=decision["offer"])
    told = pbx.call("call.arrive", call_id="late", queue="sales")["estimated_wait_ms"]
    time.sleep(max(told / 1000, 2) + 0.3)  # more than was told, and than the service level
    pbx.call("call.ended", call_id="long", by="caller")
    decision = pbx.call("call.wait", call_id="late", wait_ms=1000)
    pbx.call("call.answered", call_id="late", offer=decision["offer"])
    pbx.call("call.ended", call_id="late", by="caller")
    contacts = {one["call"]: one for one in (json.loads(fields["contact"]) for _, fields in
                                             redis_server.client().xrange(STREAM))}
    assert contacts["c0"]["in_time"] is True and contacts["c0"]["number"] == "+81312345678"
    assert contacts["c0"]["to"] == "0120444444" and "promise" not in contacts["c0"]
    assert contacts["late"]["promise"] == "broken" and "in_time" not in contacts["late"]
    assert contacts["late"].get("told_ms", 0) == told


def test_who_was_told_a_wait_after_the_answer_was_promised_nothing(make_daemon, redis_server):
    """An agent sends a caller on to a queue where there is a wait: no answer can keep or break that."""
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    pbx = daemon.pbx()
    for agent, queue in (("alice", "sales"), ("bob", "support")):
        pbx.call("agent.login", agent=agent, queues=[queue], state="ready")
    for number in range(12):
        talk(pbx, f"c{number}", queue="support")
    for call, queue in (("long", "support"), ("sent", "sales")):
        decision = pbx.call("call.arrive", call_id=call, queue=queue)
        pbx.call("call.answered", call_id=call, offer=decision["offer"])
    time.sleep(0.01)
    told = pbx.call("call.transfer", call_id="sent", to_queue="support")
    assert told["action"] == "queue" and told["estimated_wait_ms"] is not None
    for call in ("long", "sent"):
        pbx.call("call.ended", call_id=call, by="caller")
    contacts = {one["call"]: one for one in (json.loads(fields["contact"]) for _, fields in
                                             redis_server.client().xrange(STREAM))}
    assert contacts["sent"]["outcome"] == "answered" and "promise" not in contacts["sent"]
    assert not any(value for (name, _), value in metrics(daemon).items() if name == "najimi_promises_total")
