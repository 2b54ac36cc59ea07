"""What people say of callers, through a real Redis: pins, exclusions, notes, contacts in which an agent called, and
callers who are to be forgotten."""
import json

import pytest

from daemon import wait_until
from native_client import RpcError

P = "najimi:{main}:"
# A machine that builds meanwhile is slow: the callers are to be known in any case.
OPTIONS = {"recall": 'max = "5s";', "queue": 'sticky = { min_talk = "0s"; outbound = true; };'}


@pytest.fixture
def centre(make_daemon, redis_server):
    """Two agents who are ready, and the telephony system that has them."""
    daemon = make_daemon(redis=redis_server, options=OPTIONS).start()
    pbx = daemon.pbx()
    for agent in "alice", "bob":
        pbx.call("agent.login", agent=agent, target=agent, queues=["sales"], state="ready")
    return daemon, pbx, redis_server.client()


def talk(pbx, call_id, **caller):
    decision = pbx.call("call.arrive", call_id=call_id, queue="sales", **caller)
    pbx.call("call.answered", call_id=call_id, offer=decision["offer"])
    pbx.call("call.ended", call_id=call_id, by="caller")
    pbx.call("agent.ready", agent=decision["agent"])
    return decision


def test_a_pin_outranks_history_and_survives_a_restart(centre):
    daemon, pbx, redis = centre
    assert talk(pbx, "c1", customer_id="k-17")["agent"] == "alice"
    assert pbx.call("caller.pin", customer_id="k-17", agent="bob") == {"key": "cid:k-17"}
    assert redis.hget(P + "caller:cid:k-17", "pin") == "bob"
    assert redis.ttl(P + "caller:cid:k-17") > 360 * 86400
    daemon.kill()
    daemon.start()
    pbx = daemon.pbx()
    decision = talk(pbx, "c2", customer_id="k-17")
    assert decision["agent"] == "bob"
    assert decision["sticky"]["result"] == "own" and decision["sticky"]["pinned"] is True
    pbx.call("caller.pin", customer_id="k-17", agent=None)
    assert redis.hget(P + "caller:cid:k-17", "pin") is None
    assert "pinned" not in talk(pbx, "c3", customer_id="k-17")["sticky"]


def test_an_excluded_agent_never_gets_the_caller(centre):
    daemon, pbx, redis = centre
    talk(pbx, "c1", customer_id="k-17")
    pbx.call("caller.exclude", customer_id="k-17", agent="alice", reason="shouted")
    value = json.loads(redis.hget(P + "caller:cid:k-17", "exclude:alice"))
    assert value["reason"] == "shouted" and value["by"] == "pbx-a" and "until" not in value
    pbx.call("agent.pause", agent="bob")
    assert pbx.call("call.arrive", call_id="c2", queue="sales", customer_id="k-17")["action"] == "queue"
    assert pbx.call("call.arrive", call_id="c3", queue="sales")["agent"] == "alice"
    story = pbx.call("caller.get", customer_id="k-17")
    assert story["excluded"] == ["alice"] and story["exclusions"][0]["until"] is None
    pbx.call("call.ended", call_id="c2")
    pbx.call("call.ended", call_id="c3")
    pbx.call("caller.exclude", customer_id="k-17", agent="alice", remove=True)
    assert pbx.call("call.arrive", call_id="c4", queue="sales", customer_id="k-17")["agent"] == "alice"


def test_a_note_is_shown_to_the_next_agent(centre):
    daemon, pbx, redis = centre
    desk = daemon.client()
    desk.open("desk-1", role="agent", agent="alice")
    talk(pbx, "c1", **{"from": "0312345678"})
    assert desk.call("caller.note", call_id="c1", client="pbx-a", text="likes tea") == {"key": "tel:+81312345678"}
    assert pbx.call("caller.get", **{"from": "0312345678"})["notes"] == "likes tea"
    with pytest.raises(RpcError) as refused:
        desk.call("caller.get", **{"from": "0312345678"})
    assert refused.value.code == -32002


def test_an_agent_who_called_is_called_back(centre):
    daemon, pbx, redis = centre
    result = pbx.call("contact.outbound", agent="bob", queue="sales", talk_ms=60000, **{"from": "0312345678"})
    assert result["counted"] is True
    decision = pbx.call("call.arrive", call_id="c1", queue="sales", **{"from": "0312345678"})
    assert decision["agent"] == "bob" and decision["sticky"]["result"] == "own"
    ((_, entry),) = redis.xrange(P + "contacts")
    assert json.loads(entry["outbound"])["contact"] == result["contact"]


def test_nothing_is_left_of_a_caller_who_is_forgotten(centre):
    daemon, pbx, redis = centre
    boss = daemon.client()
    boss.open("boss", role="supervisor")
    for n in range(3):
        talk(pbx, f"c{n}", customer_id="k-17", **{"from": "0312345678"})
    talk(pbx, "d1", customer_id="k-18")
    assert redis.smembers(P + "alias:+81312345678") == {"k-17"}
    assert boss.call("caller.forget", **{"from": "0312345678"}) == {"contacts": 3}
    wait_until("gone", lambda: not redis.exists(P + "caller:cid:k-17", P + "alias:+81312345678"))
    left = str(redis.xrange(P + "contacts")) + "".join(
        str((key, redis.hgetall(key))) for key in redis.keys("*") if redis.type(key) == "hash")
    assert "k-17" not in left and "312345678" not in left and "k-18" in left
    log = daemon.log_text()
    assert "caller.forgotten" in log and "312345678" not in log


def test_who_takes_leave_of_a_caller_is_in_the_log_without_a_number(make_daemon, redis_server):
    options = dict(OPTIONS, queue='sticky = { min_talk = "0s"; unstick = false; };')
    daemon = make_daemon(redis=redis_server, options=options).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="alice", queues=["sales"], state="ready")
    desk = daemon.client()
    desk.open("desk-1", role="agent", agent="alice")
    talk(pbx, "c1", **{"from": "0312345678"})
    with pytest.raises(RpcError) as refused:
        desk.call("agent.disposition", agent="alice", call_id="c1", outcome="resolved", stick=False)
    assert refused.value.code == -32002 and refused.value.data["field"] == "stick"
    boss = daemon.client()
    boss.open("boss", role="supervisor")
    boss.call("agent.disposition", agent="alice", call_id="c1", outcome="resolved", stick=False)
    line = daemon.wait_log("caller.unstuck")
    assert 'agent="alice"' in line and 'call="c1"' in line and 'by="boss"' in line
    assert "312345678" not in daemon.log_text()
    assert pbx.call("call.arrive", call_id="c2", queue="sales",
                    **{"from": "0312345678"})["sticky"]["result"] == "new"
