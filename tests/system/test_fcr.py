"""First contact resolution by the whole daemon: what is told, counted, shown and kept."""
import json
import time
import urllib.request

import pytest

from daemon import wait_until

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
    talk(pbx, "n2")
    wait_until("maturity", lambda: redis.zcard(P + "maturing:30d") == 0)
    total = fcr(daemon, by="agent")["total"]
    assert cell(total)["final"] == {"eligible": 3, "resolved": 2, "fcr": 0.6667}
    assert cell(total, "30d", "queue")["final"] == {"eligible": 3, "resolved": 3, "fcr": 1.0}
    assert cell(total, kind="first_of_chain") == {"eligible": 2, "resolved": 1, "fcr": 0.5}
    (agent,) = fcr(daemon, by="agent")["rows"]
    assert agent["agent"] == "alice" and agent["contacts"] == 3
    assert {row["reason"]: row["contacts"] for row in fcr(daemon, by="reason")["rows"]} == {None: 1, "bill": 2}
    assert {row["sticky"] for row in fcr(daemon, by="sticky")["rows"]} == {"new", "own"}

    def metrics():
        return [line for line in fetch(daemon, "/metrics").splitlines() if line.startswith("najimi_contact")]
    wait_until("the book", lambda: 'najimi_contacts_matured_total{queue="sales",window="24h",scope="any",'
               'resolved="false"} 1' in metrics())
    lines = metrics()
    assert 'najimi_contacts_matured_total{queue="sales",window="7d",scope="queue",resolved="true"} 2' in lines
    assert 'najimi_contacts_maturing{window="7d"} 0' in lines and "najimi_contact_reconnects_total 0" in lines
