"""First contact resolution by the whole daemon: what is told, counted, shown and kept."""
import json
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from daemon import PATIENCE, wait_until

P = "najimi:{main}:"
QUICK = {"queue": 'sticky = { min_talk = "0s"; };', "fcr": 'reconnect = "0s";'}


def talk(pbx, call, queue="sales", agent="alice", **more):
    """A caller rings, talks and hangs up; the agent is ready again."""
    decision = pbx.call("call.arrive", call_id=call, queue=queue, **more)
    assert decision["action"] == "connect" and decision["agent"] == agent, decision
    pbx.call("call.answered", call_id=call, offer=decision["offer"])
    time.sleep(0.002)  # the next one arrives after the end of this
    pbx.call("call.ended", call_id=call, by="caller")
    pbx.call("agent.ready", agent=agent)
    time.sleep(0.002)


def open_centre(daemon):
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales", "support"], state="ready")
    return pbx


def fetch(daemon, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.http_port}{path}") as answer:
        return answer.read().decode()


def fcr(daemon, **query):
    return json.loads(fetch(daemon, "/v1/fcr?" + "&".join(f"{name}={value}" for name, value in query.items())))


def wait_swept(redis, answered=None):
    wait_until("the sweep", lambda: not redis.exists(P + "maturing:news")
               and (answered is None or redis.hlen(P + "answered") == answered))


def pass_window(redis, window):
    """As if the window of all contacts were over."""
    for contact in redis.zrange(P + "maturing:" + window, 0, -1):
        redis.zadd(P + "maturing:" + window, {contact: 1})


def cell(row, window="24h", scope="any", kind="fcr"):
    return row[kind][window][scope]


def test_a_day_from_calls_to_figures(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    pbx = open_centre(daemon)
    talk(pbx, "a1", customer_id="a", reason="bill")
    talk(pbx, "b1", customer_id="b")
    talk(pbx, "n1")  # nobody
    talk(pbx, "a2", customer_id="a", queue="support", reason="bill")
    wait_swept(redis, answered=4)

    row, other = fcr(daemon, by="queue")["rows"]
    assert (row["queue"], other["queue"]) == ("sales", "support") and (row["contacts"], other["contacts"]) == (2, 1)
    assert cell(row)["provisional"] == {"eligible": 2, "resolved": 1, "open": 1, "fcr": 0.5}
    assert cell(row, scope="queue")["provisional"]["resolved"] == 2
    assert cell(row, scope="reason")["provisional"]["resolved"] == 1
    assert cell(row)["final"] == {"eligible": 0, "resolved": 0, "fcr": None}  # the day is not over

    for window in ("24h", "7d", "30d"):
        pass_window(redis, window)
        # Any step will do: the sweep looks when something is due or new.
        talk(pbx, "n" + window)
        wait_until("maturity", lambda window=window: redis.zcard(P + "maturing:" + window) == 0)
    total = fcr(daemon, by="agent")["total"]
    assert cell(total)["final"] == {"eligible": 3, "resolved": 2, "fcr": 0.6667}
    assert cell(total, "30d", "queue")["final"] == {"eligible": 3, "resolved": 3, "fcr": 1.0}
    assert cell(fcr(daemon, by="day")["total"], kind="first_of_chain") == {"eligible": 2, "resolved": 1, "fcr": 0.5}
    (agent,) = fcr(daemon, by="agent")["rows"]
    assert agent["agent"] == "alice" and agent["contacts"] == 3
    assert {row["reason"]: row["contacts"] for row in fcr(daemon, by="reason")["rows"]} == {None: 1, "bill": 2}
    assert {row["sticky"] for row in fcr(daemon, by="sticky")["rows"]} == {"new", "own"}

    # The metrics' book is read now and then: it may have been before the last window passed.
    shown = ('najimi_contacts_matured_total{queue="sales",window="24h",scope="any",resolved="false"} 1',
             'najimi_contacts_matured_total{queue="sales",window="7d",scope="queue",resolved="true"} 2',
             'najimi_contacts_maturing{window="7d"} 0', "najimi_contact_reconnects_total 0")
    wait_until("the book", lambda: set(shown) <= set(fetch(daemon, "/metrics").splitlines()))


def test_what_agents_and_callers_say_stands_beside(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    pbx, boss = open_centre(daemon), daemon.client()
    boss.open("boss", role="supervisor")
    boss.call("events.subscribe", types=["survey.answered"])
    for call, customer in (("a1", "a"), ("b1", "b"), ("n1", None)):
        talk(pbx, call, **({"customer_id": customer} if customer else {}))
    wait_swept(redis, answered=3)
    pbx.call("agent.disposition", agent="alice", call_id="a1", outcome="resolved")
    pbx.call("agent.disposition", agent="alice", call_id="a1", outcome="escalated")  # the first counts
    pbx.call("agent.disposition", agent="alice", call_id="n1", outcome="follow_up")
    said = {"nps": 3, "csat": 2, "resolved": False, "loyalty": [1, 10], "comment": "nobody called back"}
    first = pbx.call("survey.answer", call_id="a1", **said)
    contact = json.loads(redis.xrange(P + "contacts")[1][1]["contact"])["contact"]
    assert pbx.call("survey.answer", contact_id=contact, nps=10) == {"contact": contact, "counted": True}
    wait_swept(redis)
    assert pbx.call("survey.answer", contact_id=contact, nps=0)["counted"] is False
    assert first["counted"] and pbx.call("survey.answer", call_id="a1", **said)["counted"] is False

    (row,) = fcr(daemon, by="sticky")["rows"]
    assert row["asserted"] == {"resolved": 1, "unresolved": 0, "escalated": 0, "follow_up": 1, "fcr": 0.5, "net": 0.5}
    surveyed = row["surveyed"]
    assert (surveyed["answers"], surveyed["resolved"], surveyed["unresolved"], surveyed["fcr"]) == (2, 0, 1, 0.0)
    assert surveyed["nps"] == {"detractors": 1, "passives": 0, "promoters": 1, "nps": 0.0}
    assert surveyed["csat"] == {"answers": [0, 1, 0, 0, 0], "mean": 2.0, "satisfied": 0.0}
    assert surveyed["index"]["loyalty"] == {"answers": 1, "index": 50.0}
    event = boss.wait_event("survey.answered")
    assert event["data"]["comment"] == "nobody called back" and event["data"]["agent"] == "alice"
    surveys = [json.loads(fields["survey"]) for _, fields in redis.xrange(P + "contacts") if "survey" in fields]
    assert [survey.get("nps") for survey in surveys] == [3, 10] and surveys[0]["loyalty"] == 500

    def metrics():
        return fetch(daemon, "/metrics").splitlines()
    wait_until("the book", lambda: 'najimi_survey_nps_total{queue="sales",result="promoter"} 1' in metrics())
    assert 'najimi_contacts_asserted_total{queue="sales",outcome="resolved"} 1' in metrics()
    assert 'najimi_survey_resolved_total{queue="sales",resolved="false"} 1' in metrics()


def from_stream(redis):
    """FCR of the windows so far from the contact stream alone: contacts, repeats, reconnects by queue."""
    last, counts = {}, {}
    for _, fields in redis.xrange(P + "contacts"):
        contact = json.loads(fields.get("contact", "{}"))
        if contact.get("outcome") != "answered" or "key" not in contact or contact.get("shared"):
            continue
        who = contact.get("identity", contact["key"])
        count = counts.setdefault(contact["queue"], [0, 0])
        count[0] += 1
        before = last.get(who)
        if before:
            counts[before][1] += 1
        last[who] = contact["queue"]
    return counts


@pytest.mark.parametrize("victim", ["daemon", "redis"])
def test_whoever_is_killed_nothing_is_counted_twice_or_lost(make_daemon, redis_server, victim):
    daemon = make_daemon(redis=redis_server, options={**QUICK, "rpc": 'orphan_max = "1s";'}).start()
    number = 0
    for _ in range(4):
        pbx = open_centre(daemon)
        for _ in range(25):
            number += 1
            talk(pbx, f"c{number}", queue=["sales", "support"][number % 2], customer_id=f"k{number * 7 % 13}")
        if victim == "daemon":
            daemon.kill()  # between the commit and the sweep, or in its midst
            daemon.start()
        else:
            redis_server.kill()
            redis_server.start()
            wait_until("the lease", lambda: "store.rewritten" in daemon.log_text())
            daemon.log_start = daemon.log_file.stat().st_size
        pbx.close()
    redis = redis_server.client()
    wait_until("the sweep", lambda: not redis.exists(P + "maturing:news"))
    rows = {row["queue"]: [row["contacts"], row["contacts"] - cell(row)["provisional"]["resolved"]]
            for row in fcr(daemon, by="queue")["rows"]}
    assert rows == from_stream(redis) and sum(row[0] for row in rows.values()) == 100


def test_a_number_alone_counts_for_the_customer_whose_it_is(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    pbx = open_centre(daemon)
    talk(pbx, "a1", customer_id="a", **{"from": "0312345678"})
    talk(pbx, "a2", **{"from": "0312345678"})
    wait_swept(redis, answered=2)
    last = json.loads(redis.xrange(P + "contacts")[-1][1]["contact"])
    assert last["key"] == "tel:+81312345678" and last["identity"] == "cid:a"
    (row,) = fcr(daemon)["rows"]
    assert cell(row)["provisional"]["resolved"] == 1 and from_stream(redis) == {"sales": [2, 1]}


def test_a_caller_who_is_forgotten_is_not_brought_back_by_the_sweep(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    pbx, boss = open_centre(daemon), daemon.client()
    boss.open("boss", role="supervisor")
    talk(pbx, "a1", customer_id="a")
    boss.call("caller.forget", customer_id="a")
    wait_swept(redis, answered=1)
    assert not redis.exists(P + "caller:cid:a")


def test_a_question_that_makes_no_sense_is_refused(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server).start()
    for query, words in (("by=moon", "sticky, reason, tier, group"), ("from=2026-02-30", "no day"), ("x=1", "from, to, by")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(daemon, "/v1/fcr?" + query)
        assert refused.value.code == 400 and words in refused.value.read().decode()
    assert fcr(daemon)["rows"] == []
    assert fcr(daemon, by="group")["uplift"]["wait"]["why"] == "not enough data"


def test_what_stickiness_does_is_told_with_its_interval(make_daemon, redis_server, tools):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    key = P + f"day:{time.strftime('%Y-%m-%d')}:fcr:group"
    redis.hset(key, mapping={
        "contacts:sticky": "70", "contacts:holdout": "80", "resolved:sticky": "56,56,56,0,0,0,0,0,0",
        "repeated:sticky": "14,14,14,0,0,0,0,0,0", "resolved:holdout": "48,48,48,0,0,0,0,0,0",
        "repeated:holdout": "32,32,32,0,0,0,0,0,0",
        # 70 waits of 10 s and 80 of 8 and 12 s by turns, in tenths of a second
        "wait:sticky": "70,7000,700000", "wait:holdout": "80,8000,832000", "handling:sticky": "29,1,1", "ours:x:y": "?"})
    uplift = fcr(daemon, by="group")["uplift"]
    assert uplift["fcr"]["24h"]["any"] == {
        "sticky": {"eligible": 70, "resolved": 56, "fcr": 0.8, "low": 0.6918, "high": 0.877},
        "holdout": {"eligible": 80, "resolved": 48, "fcr": 0.6, "low": 0.4905, "high": 0.7004},
        "difference": 0.2, "low": 0.0524, "high": 0.3339}  # Newcombe 1998, table II
    assert uplift["fcr"]["7d"]["any"]["why"] == "not enough data"
    assert uplift["wait"]["sticky"] == {"count": 70, "mean_ms": 10000} and uplift["wait"]["difference"] == 0
    assert uplift["wait"]["high"] == -uplift["wait"]["low"] == 448  # t(79) = 1.9905, of 2000 ms * sqrt(80/79) / sqrt(80)
    assert uplift["handling"]["difference"] is None

    def ctl(*words):
        return subprocess.run([tools / "najimictl", "--host", f"127.0.0.1:{daemon.rpc_port}", "fcr", *words],
                              capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    text = ctl("--by", "group")
    assert "FCR 24h       80.0 %, 60.0 held out: +20.0 (+5.2 to +33.4)" in text and "FCR 7d        not enough data" in text
    assert text.splitlines()[0].split()[:3] == ["GROUP", "CONTACTS", "RECONNECTED"]
    names, first, _ = ctl("--by", "group", "--format", "csv").splitlines()
    row = dict(zip(names.split(","), first.split(",")))
    assert row["group"] == "holdout" and row["contacts"] == "80" and row["fcr.24h.any.final.resolved"] == "48"
    assert json.loads(ctl("--json"))["rows"] == []
    assert "Nobody had a contact." in ctl()


def test_returning_callers_are_told_apart_by_what_was_done_with_them(make_daemon, redis_server):
    options = {**QUICK, "queue": 'sticky = { min_talk = "0s"; holdout = "50%"; };'}
    daemon = make_daemon(redis=redis_server, options=options).start()
    redis = redis_server.client()
    pbx = open_centre(daemon)
    for number in range(48):
        talk(pbx, f"c{number}", customer_id=f"k{number % 16}")
    wait_swept(redis, answered=48)
    rows = {row["group"]: row["contacts"] for row in fcr(daemon, by="group")["rows"]}
    records = [json.loads(fields["contact"]) for _, fields in redis.xrange(P + "contacts")]
    held_out = {record["key"] for record in records if record.get("why") == "holdout"}
    assert 0 < len(held_out) < 16 and rows["holdout"] == 2 * len(held_out)  # the first time nobody is
    assert rows["sticky"] == 2 * (16 - len(held_out))
    # And so they are in the metrics: of two each, the third call has repeated the second.
    for group, callers in ("holdout", len(held_out)), ("sticky", 16 - len(held_out)):
        wait_until(group, lambda: f'najimi_group_contacts_matured_total{{group="{group}",window="7d",scope="queue",'
                   f'resolved="false"}} {callers}\n' in fetch(daemon, "/metrics"))
