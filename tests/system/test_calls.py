"""Telephone stories over TCP: what a telephony system and its agents go through."""
import pytest

from daemon import wait_until
from native_client import RpcError

CALLER = {"from": "0312345678"}


def ready(client, *agents, queues=("sales",)):
    for agent in agents:
        client.call("agent.login", agent=agent, target=f"PJSIP/{agent}", queues=list(queues),
                    state="ready")


def talk(client, call_id, agent, seconds_enough=True, **caller):
    """One whole answered call; the agent is ready again afterwards."""
    decision = client.call("call.arrive", call_id=call_id, queue="sales", **caller)
    assert (decision["action"], decision["agent"]) == ("connect", agent), decision
    client.call("call.answered", call_id=call_id, offer=decision["offer"])
    assert client.call("call.ended", call_id=call_id, by="caller")["outcome"] == "answered"
    client.call("agent.ready", agent=agent)
    return decision


@pytest.fixture
def quick(make_daemon, redis_server):
    """A centre in which the shortest talk is a contact and wrap-up is short."""
    return make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "200ms"; sticky = { policy = "fixed"; min_talk = "0s"; wait_busy = "1m"; };'}).start()


def test_caller_is_offered_to_the_ready_agent_and_the_life_of_the_call_is_followed(daemon):
    pbx = daemon.pbx()
    ready(pbx, "alice")
    decision = pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER)
    assert decision["action"] == "connect"
    assert decision["agent"] == "alice" and decision["target"] == "PJSIP/alice"
    assert decision["offer"] == 1 and decision["ring_ms"] == 20000
    assert decision["sticky"]["result"] == "new"
    assert pbx.call("call.ringing", call_id="c1", offer=1) == {}
    assert pbx.call("agent.get", agent="alice")["state"] == "offered"
    assert pbx.call("call.answered", call_id="c1", offer=1) == {}
    assert pbx.call("agent.get", agent="alice")["state"] == "talking"
    assert pbx.call("call.held", call_id="c1") == {}
    assert pbx.call("call.retrieved", call_id="c1") == {}
    assert pbx.call("call.ended", call_id="c1", by="caller", cause="normal")["outcome"] == "answered"
    state = pbx.call("agent.get", agent="alice")
    assert state["state"] == "wrapup" and state["until"]
    pbx.call("agent.ready", agent="alice")
    assert pbx.call("agent.get", agent="alice")["state"] == "ready"


def test_returning_caller_reaches_the_agent_they_spoke_to(quick):
    pbx = quick.pbx()
    ready(pbx, "alice")
    talk(pbx, "c1", "alice", **CALLER)
    ready(pbx, "bob")
    talk(pbx, "c2", "alice", **CALLER)  # alice became ready before bob: longest idle, and own
    pbx.call("agent.pause", agent="alice", reason="tea")
    pbx.call("agent.ready", agent="alice")  # now bob is idle longer
    decision = talk(pbx, "c3", "alice", **{"from": "+81312345678"})
    assert decision["sticky"]["result"] == "own"
    assert decision["sticky"]["preferred"] == "alice"
    assert decision["sticky"]["last_contact"].endswith("Z")


def test_returning_caller_waits_for_the_busy_agent_and_gets_them(quick):
    pbx = quick.pbx()
    pbx.call("events.subscribe", types=["call.decided"])
    ready(pbx, "alice")
    talk(pbx, "c1", "alice", **CALLER)
    other = pbx.call("call.arrive", call_id="c2", queue="sales", **{"from": "0398765432"})
    assert other["agent"] == "alice"
    pbx.call("call.answered", call_id="c2", offer=1)
    ready(pbx, "bob")
    waiting = pbx.call("call.arrive", call_id="c3", queue="sales", **CALLER)
    assert waiting["action"] == "queue"
    assert waiting["sticky"]["result"] == "waiting" and waiting["sticky"]["preferred"] == "alice"
    pbx.call("call.ended", call_id="c2", by="caller")
    event = pbx.wait_event("call.decided", call_id="c3", action="connect")
    assert event["data"]["agent"] == "alice"
    assert event["data"]["sticky"]["result"] == "own"
    assert event["data"]["sticky"]["waited_for_ms"] >= 0


def test_returning_caller_goes_to_anyone_when_the_patience_is_spent(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'sticky = { policy = "fixed"; min_talk = "0s"; wait_busy = "2s"; };'}).start()
    pbx = daemon.pbx()
    pbx.call("events.subscribe", types=["call.decided"])
    ready(pbx, "alice")
    talk(pbx, "c1", "alice", **CALLER)
    pbx.call("call.arrive", call_id="c2", queue="sales", **{"from": "0398765432"})
    pbx.call("call.answered", call_id="c2", offer=1)
    ready(pbx, "bob")
    assert pbx.call("call.arrive", call_id="c3", queue="sales", **CALLER)["action"] == "queue"
    data = pbx.wait_event("call.decided", call_id="c3", action="connect")["data"]
    assert data["agent"] == "bob"
    assert data["sticky"]["result"] == "other" and data["sticky"]["why"] == "wait_spent"


@pytest.mark.parametrize("caller", [
    {"from": "anonymous"},
    {"from": "0312345678", "presentation": "restricted"},
    {"from": "0120444444"},
    {"from": "非通知"},
    {},
])
def test_caller_without_a_usable_number_is_never_taken_for_another(quick, caller):
    pbx = quick.pbx()
    ready(pbx, "alice", "bob")
    first = pbx.call("call.arrive", call_id="c1", queue="sales", **caller)
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.ended", call_id="c1", by="caller")
    second = pbx.call("call.arrive", call_id="c2", queue="sales", **caller)
    assert first["agent"] == "alice" and second["agent"] == "bob"
    assert second["sticky"]["result"] == "new"


@pytest.mark.parametrize("reason", ["no_answer", "busy", "rejected", "unreachable"])
def test_failed_offer_gives_the_caller_the_next_agent_and_not_the_same(daemon, reason):
    pbx = daemon.pbx()
    ready(pbx, "alice", "bob")
    assert pbx.call("call.arrive", call_id="c1", queue="sales")["agent"] == "alice"
    decision = pbx.call("call.failed", call_id="c1", offer=1, reason=reason)
    assert decision["action"] == "connect" and decision["agent"] == "bob" and decision["offer"] == 2
    with pytest.raises(RpcError) as late:
        pbx.call("call.answered", call_id="c1", offer=1)
    assert late.value.code == -32014 and late.value.reason == "stale_offer"
    decision = pbx.call("call.failed", call_id="c1", offer=2, reason=reason)
    assert decision["action"] == "queue" and decision["position"] == 1


def test_repeated_request_returns_the_present_state_and_other_content_is_refused(daemon):
    pbx = daemon.pbx()
    ready(pbx, "alice")
    first = pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER)
    assert pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER) == first
    with pytest.raises(RpcError) as other:
        pbx.call("call.arrive", call_id="c1", queue="support", **CALLER)
    assert other.value.code == -32015
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.answered", call_id="c1", offer=1)
    ended = pbx.call("call.ended", call_id="c1", by="caller")
    assert pbx.call("call.ended", call_id="c1", by="caller") == ended


def test_errors_name_what_is_wrong(daemon):
    pbx = daemon.pbx()
    for method, params, code, field in [
            ("call.arrive", {"call_id": "c1", "queue": "nowhere"}, -32012, None),
            ("call.arrive", {"queue": "sales"}, -32602, "call_id"),
            ("call.arrive", {"call_id": "c1", "queue": 7}, -32602, "queue"),
            ("call.arrive", {"call_id": "c" * 129, "queue": "sales"}, -32602, "call_id"),
            ("call.arrive", {"call_id": "c1", "queue": "sales", "priority": "high"}, -32602, "priority"),
            ("call.ended", {"call_id": "never", "by": "caller"}, -32010, None),
            ("call.failed", {"call_id": "never", "offer": 1, "reason": "bored"}, -32602, "reason"),
            ("agent.ready", {"agent": "nobody"}, -32013, None),
            ("no.such", {}, -32601, None)]:
        with pytest.raises(RpcError) as error:
            pbx.call(method, **params)
        assert error.value.code == code, (method, params, str(error.value))
        if field:
            assert error.value.data.get("field") == field


def test_long_poll_gives_the_decision_to_a_client_without_events(daemon):
    pbx = daemon.pbx()
    assert pbx.call("call.arrive", call_id="c1", queue="sales")["action"] == "queue"
    assert pbx.call("call.wait", call_id="c1", wait_ms=50)["action"] == "queue"
    waiting = pbx.request("call.wait", call_id="c1", wait_ms=20000)
    with daemon.pbx("pbx-b") as desk:
        ready(desk, "alice")
    assert pbx.wait(waiting)["agent"] == "alice"


def test_calls_of_a_vanished_switch_are_kept_then_lost(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"rpc": 'orphan_max = "4s";'}).start()
    watcher = daemon.pbx("watcher", role="supervisor")
    watcher.call("events.subscribe")
    pbx = daemon.pbx()
    pbx.call("call.arrive", call_id="kept", queue="sales")
    pbx.call("call.arrive", call_id="gone", queue="sales")
    pbx.close()
    pbx = daemon.pbx()
    answer = pbx.call("call.sync", calls=[{"call_id": "kept", "state": "waiting"},
                                          {"call_id": "strange", "state": "waiting"}])
    assert answer["unknown"] == ["strange"] and answer["ended"] == ["gone"]
    assert watcher.wait_event("call.ended", call_id="gone")["data"]["outcome"] == "lost"
    pbx.close()
    assert watcher.wait_event("call.ended", call_id="kept")["data"]["outcome"] == "lost"
    assert "calls=1" in daemon.wait_log("client.lost")


def test_events_are_numbered_and_a_subscriber_goes_on_where_it_was(daemon):
    watcher = daemon.pbx("watcher", role="supervisor")
    at = watcher.call("events.subscribe")
    pbx = daemon.pbx()
    ready(pbx, "alice")
    pbx.call("call.arrive", call_id="c1", queue="sales")
    seen = watcher.wait_event("call.decided", call_id="c1")
    watcher.close()
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.ended", call_id="c1", by="caller")
    again = daemon.client()
    opened = again.open("watcher", role="supervisor",
                        resume={"epoch": at["epoch"], "after": seen["seq"]})
    assert opened["resumed"] is True
    again.call("events.subscribe", after=seen["seq"])
    numbers = []
    while True:
        event = again.next_event()
        numbers.append(event["seq"])
        if event["type"] == "call.ended":
            break
    assert numbers == list(range(seen["seq"] + 1, seen["seq"] + 1 + len(numbers)))


def test_agent_hears_the_callers_story_before_the_telephone_rings(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'},
        more='clients = ({ name = "*"; role = "agent"; agent = "alice"; token = "desk"; },'
             '{ name = "*"; role = "pbx"; token = "switch"; });').start()
    pbx = daemon.client()
    pbx.open("pbx-a", token="switch")
    desk = daemon.client()
    desk.open("alice-desktop", role="agent", token="desk")
    ready(desk, "alice")
    redis_server.client().hset("najimi:{main}:caller:cid:k-17", mapping={"name": "Taro", "notes": "likes tea"})
    pbx.call("call.arrive", call_id="c1", queue="sales", customer_id="k-17")
    event = desk.next_event()
    assert event["type"] == "agent.offer"
    assert event["data"]["caller"]["name"] == "Taro"
    with pytest.raises(RpcError) as refused:
        desk.call("agent.pause", agent="bob")
    assert refused.value.code == -32002


def test_transfer_to_a_queue_keeps_one_contact_with_two_legs(daemon):
    pbx = daemon.pbx()
    ready(pbx, "alice")
    ready(pbx, "bob", queues=("support",))
    pbx.call("call.arrive", call_id="c1", queue="sales")
    pbx.call("call.answered", call_id="c1", offer=1)
    decision = pbx.call("call.transfer", call_id="c1", to_queue="support", kind="blind")
    assert decision["action"] == "connect" and decision["agent"] == "bob" and decision["offer"] == 2
    assert pbx.call("agent.get", agent="alice")["state"] == "wrapup"
    pbx.call("call.answered", call_id="c1", offer=2)
    assert pbx.call("call.ended", call_id="c1", by="agent")["outcome"] == "answered"


def test_explain_says_who_was_considered_and_why_not(daemon):
    pbx = daemon.pbx()
    ready(pbx, "alice", "bob")
    pbx.call("agent.pause", agent="bob", reason="lunch")
    pbx.call("call.arrive", call_id="c1", queue="sales")
    pbx.call("call.arrive", call_id="c2", queue="sales")
    verdicts = {row["agent"]: row["verdict"] for row in
                pbx.call("call.explain", call_id="c2")["agents"]}
    assert verdicts == {"alice": "not_ready", "bob": "paused"}


def test_who_polls_too_late_still_learns_where_the_caller_overflows_to(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, queues=(
        'queues = ( { name = "sales"; wait_max = "200ms"; overflow = "voicemail"; },'
        ' { name = "support"; wait_max = "200ms"; } );')).start()
    pbx = daemon.pbx()
    pbx.call("call.arrive", call_id="c1", queue="sales")
    pbx.call("call.arrive", call_id="c2", queue="support")
    wait_until("both are over", lambda: not pbx.call("call.list")["calls"])
    assert pbx.call("call.wait", call_id="c1", wait_ms=0) == {
        "call_id": "c1", "action": "ended", "outcome": "overflow", "to": "voicemail"}
    late = pbx.call("call.arrive", call_id="c2", queue="support")
    assert late["action"] == "ended" and late["code"] == 480 and "to" not in late


def test_ping_brings_back_what_it_carried_or_says_that_it_cannot(daemon):
    pbx = daemon.pbx()
    fits = {"x": "y" * (1024 - len('{"x":""}'))}
    assert pbx.call("ping", **fits)["echo"] == fits
    with pytest.raises(RpcError) as refused:
        pbx.call("ping", x=fits["x"] + "y")
    assert (refused.value.code, refused.value.reason) == (-32602, "too_long")
    assert refused.value.data["field"] == "params"


def test_at_a_price_explain_shows_the_comparison_that_was_made(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { policy = "rate"; value = "20m"; min_talk = "0s"; };'
    }).start()
    pbx = daemon.pbx()
    ready(pbx, "alice")
    pbx.call("call.arrive", call_id="c1", queue="sales", customer_id="k-1")
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.ended", call_id="c1", by="caller")
    pbx.call("call.arrive", call_id="c2", queue="sales")
    pbx.call("call.answered", call_id="c2", offer=1)
    ready(pbx, "bob")
    decision = pbx.call("call.arrive", call_id="c3", queue="sales", customer_id="k-1")
    assert decision["action"] == "queue" and decision["sticky"]["result"] == "waiting"
    shown = pbx.call("call.explain", call_id="c3")["comparison"]
    assert shown["worth_it"] and shown["why"] == "none" and shown["ahead"] == 0
    assert shown["worth_s_per_s"] >= shown["price_s_per_s"] == 1
    assert shown["words"].startswith("alice comes free with a chance of ")
    pbx.call("call.ended", call_id="c2", by="caller")
    assert wait_until("c3 rings at alice", lambda: pbx.call(
        "agent.get", agent="alice")["state"] == "offered")


def test_a_full_queue_sends_callers_to_its_overflow_or_rejects_them(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, queues=(
        'queues = ( { name = "sales"; waiting_max = 1; overflow = "voicemail"; },'
        ' { name = "support"; waiting_max = 1; } );')).start()
    pbx = daemon.pbx()
    for queue in ("sales", "support"):
        assert pbx.call("call.arrive", call_id=f"{queue}-1", queue=queue)["action"] == "queue"
    assert pbx.call("call.arrive", call_id="sales-2", queue="sales") == {
        "call_id": "sales-2", "action": "overflow", "to": "voicemail", "reason": "queue_full"}
    assert pbx.call("call.arrive", call_id="support-2", queue="support") == {
        "call_id": "support-2", "action": "reject", "code": 480, "reason": "queue_full"}
