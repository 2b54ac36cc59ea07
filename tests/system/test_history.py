"""What lies behind a caller, and behind an agent today: over HTTP, the native protocol and
najimictl, the same."""
import json
import time
import urllib.parse

import pytest

from daemon import wait_until
from native_client import RpcError
from test_http import get
from test_najimictl import Ctl

CALLER = {"from": "0312345678"}
KEY = "tel:+81312345678"
BOSS = {"Authorization": "Bearer boss"}
LOOK = {"Authorization": "Bearer look"}
CLIENTS = """
clients = (
    { name = "pbx-a"; role = "pbx"; token = "pbx"; },
    { name = "boss"; role = "supervisor"; token = "boss"; pii = true; },
    { name = "look"; role = "observer"; token = "look"; },
    { name = "alice"; role = "agent"; token = "alice"; agent = "alice"; },
    { name = "bob"; role = "agent"; token = "bob"; agent = "bob"; }
);
"""
QUICK = {"queue": 'wrapup = "0s"; service_level = "20s"; sticky = { min_talk = "0s"; };'}


def talk(pbx, call, queue="sales", **more):
    decision = pbx.call("call.arrive", call_id=call, queue=queue, **more)
    pbx.call("call.answered", call_id=call, offer=decision["offer"])
    return pbx.call("call.ended", call_id=call, by="caller")["contact"]


@pytest.fixture
def centre(make_daemon, redis_server):
    """Alice had a caller twice and a customer once; once the caller gave up during her lunch."""
    daemon = make_daemon(redis=redis_server, options=QUICK, more=CLIENTS).start()
    pbx = daemon.pbx("pbx-a", token="pbx")
    for agent, queue in ("alice", "sales"), ("bob", "support"):
        pbx.call("agent.login", agent=agent, queues=[queue], state="ready")
    talk(pbx, "c1", **CALLER)
    talk(pbx, "c2", **CALLER)
    talk(pbx, "c3", customer_id="K-77")
    talk(pbx, "c4", "support", **CALLER)
    pbx.call("agent.pause", agent="alice", reason="lunch")
    time.sleep(0.002)  # of which something is seen
    pbx.call("call.arrive", call_id="c5", queue="sales", **CALLER)
    pbx.call("call.ended", call_id="c5", by="caller")
    daemon.pbx_of_test = pbx
    return daemon


def asked(daemon, path, code=200, **headers):
    answer = get(daemon, path, **headers)
    assert answer.status == code, answer.body
    return json.loads(answer.body)


def caller(daemon, key, code=200, **headers):
    return asked(daemon, "/v1/callers/" + urllib.parse.quote(key), code, **(headers or BOSS))


def day(daemon, agent, code=200, **headers):
    return asked(daemon, f"/v1/agents/{agent}/day", code, **(headers or BOSS))


def calls(document):
    return [contact["call"] for contact in document["contacts"]]


# --- callers ---


def test_a_callers_contacts_the_latest_first_with_what_is_remembered(centre, redis_server):
    found = caller(centre, KEY)
    assert found["key"] == KEY and calls(found) == ["c5", "c4", "c2", "c1"]
    assert [contact["outcome"] for contact in found["contacts"]] == ["short_abandoned"] + ["answered"] * 3
    assert [contact.get("agent") for contact in found["contacts"]] == [None, "bob", "alice", "alice"]
    assert all("wait_ms" in contact or contact["in_time"] for contact in found["contacts"][1:])
    assert found["caller"]["agents"][0]["agent"] == "bob"
    entries = dict(redis_server.client().xrange("najimi:{main}:contacts"))
    for contact in found["contacts"]:
        assert json.loads(entries[contact.pop("entry")]["contact"]) == contact
    assert calls(caller(centre, "cid:K-77")) == ["c3"]


def test_a_customers_contacts_are_found_by_the_number_that_is_theirs(centre):
    pbx = centre.pbx_of_test
    pbx.call("agent.ready", agent="alice")
    talk(pbx, "d1", customer_id="K-88", **{"from": "0355555555"})
    talk(pbx, "d2", **{"from": "0355555555"})
    by_number = caller(centre, "tel:+81355555555")
    assert by_number["key"] == "cid:K-88" and calls(by_number) == ["d2", "d1"]
    assert calls(caller(centre, "cid:K-88")) == ["d2", "d1"]


def test_the_last_twenty_contacts_are_kept(centre, redis_server):
    pbx = centre.pbx_of_test
    pbx.call("agent.ready", agent="alice")
    for number in range(25):
        talk(pbx, f"n{number}", customer_id="K-99")
    assert calls(caller(centre, "cid:K-99")) == [f"n{number}" for number in range(24, 4, -1)]
    assert redis_server.client().ttl("najimi:{main}:history:cid:K-99") > 3600


def test_a_callers_story_has_what_agents_said_and_the_calls_they_made(make_daemon, redis_server, tools, tmp_path):
    daemon = make_daemon(redis=redis_server, more=CLIENTS, options={
        "queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; outbound = true; };'}).start()
    pbx = daemon.pbx("pbx-a", token="pbx")
    pbx.call("agent.login", agent="alice", queues=["sales"], state="ready")
    talk(pbx, "c1", **CALLER)
    pbx.call("agent.disposition", agent="alice", call_id="c1", outcome="follow_up", reason="contract",
             note="rings back on Monday")
    pbx.call("contact.outbound", agent="alice", queue="sales", talk_ms=40000, **CALLER)
    talk(pbx, "c2", **CALLER)
    found = caller(daemon, KEY)["contacts"]
    assert [(one.get("call"), one.get("direction")) for one in found] == \
        [("c2", None), (None, "outbound"), ("c1", None)]
    assert "disposition" not in found[0] and found[1]["agent"] == "alice" and found[1]["talk_ms"] == 40000
    assert day(daemon, "alice")["contacts"] == found
    said = found[2]["disposition"]
    assert said.pop("at").endswith("Z")
    assert said == {"agent": "alice", "outcome": "follow_up", "reason": "contract", "stick": True,
                    "note": "rings back on Monday"}
    seen = day(daemon, "alice", **LOOK)["contacts"]
    assert seen[2]["disposition"]["outcome"] == "follow_up" and "note" not in seen[2]["disposition"]
    assert "key" not in seen[1]
    token = tmp_path / "token"
    token.write_text("boss\n")
    text = Ctl(tools / "najimictl", daemon)("caller", KEY, "--token-file", str(token), "--client", "boss")
    assert "outbound" in text and "follow_up: contract" in text
    boss = daemon.client()
    boss.open("boss", role="supervisor", token="boss")
    boss.call("caller.forget", **CALLER)
    assert redis_server.client().xlen("najimi:{main}:contacts") == 0


def test_a_callers_story_has_what_they_answered_afterwards(centre, redis_server, tools, tmp_path):
    redis, pbx = redis_server.client(), centre.pbx_of_test
    answers = {"nps": 3, "csat": 2, "resolved": False, "comment": "call me at home: Yamada"}
    assert pbx.call("survey.answer", call_id="c2", **answers)["counted"]
    contact = caller(centre, KEY)["contacts"][-1]["contact"]
    wait_until("c1 is known", lambda: redis.hexists("najimi:{main}:answered", contact))
    assert pbx.call("survey.answer", contact_id=contact, nps=10)["counted"]
    found = caller(centre, KEY)["contacts"]
    assert ["survey" in one for one in found] == [False, False, True, True]
    said = dict(found[2]["survey"])
    assert said.pop("at").endswith("Z") and said == answers
    assert found[3]["survey"]["nps"] == 10 and "comment" not in found[3]["survey"]
    boss = centre.client()
    boss.open("boss", role="supervisor", token="boss")
    assert boss.call("caller.history", **CALLER)["contacts"] == found
    assert day(centre, "alice")["contacts"][1:] == found[2:]
    seen = day(centre, "alice", **LOOK)["contacts"]
    assert seen[1]["survey"]["nps"] == 3 and "Yamada" not in json.dumps(seen)
    centre.kill()
    centre.start()
    assert caller(centre, KEY)["contacts"] == found

    token = tmp_path / "token"
    token.write_text("boss\n")
    ctl = Ctl(tools / "najimictl", centre)
    who = ("--token-file", str(token), "--client", "boss")
    for text in ctl("caller", KEY, *who), ctl("agent", "alice", "--day", *who):
        assert "NPS 3, CSAT 2, unresolved" in text and "NPS 10" in text and "Yamada" not in text
    assert ctl.json("caller", KEY, *who)["contacts"] == found

    boss = centre.client()
    boss.open("boss", role="supervisor", token="boss")
    boss.call("caller.forget", **CALLER)
    assert all("survey" not in one for one in day(centre, "alice")["contacts"])
    wait_until("nothing is left", lambda: not redis.keys("najimi:{main}:survey:*"))
    assert all("survey" not in fields for _, fields in redis.xrange("najimi:{main}:contacts"))


def test_callers_who_cannot_be_told_apart_have_no_history(centre):
    pbx = centre.pbx_of_test
    pbx.call("agent.ready", agent="alice")
    talk(pbx, "w1", presentation="restricted", **CALLER)
    talk(pbx, "w2")
    assert calls(caller(centre, KEY)) == ["c5", "c4", "c2", "c1"]


def test_who_is_forgotten_has_no_history(centre, redis_server):
    boss = centre.client()
    boss.open("boss", role="supervisor", token="boss")
    boss.call("caller.forget", **CALLER)
    assert caller(centre, KEY, 404)["detail"] == "nothing is known of this caller"
    assert redis_server.client().exists(f"najimi:{{main}}:history:{KEY}") == 0
    assert boss.call("caller.history", **CALLER) is None
    assert calls(day(centre, "alice")) == ["c3"]


def test_who_may_not_know_who_calls_is_told_so(centre):
    assert "pii = true" in caller(centre, KEY, 403, **LOOK)["detail"]
    assert get(centre, f"/v1/callers/{KEY}").status == 401 or get(centre, f"/v1/callers/{KEY}").status == 403
    look = centre.client()
    look.open("look", role="observer", token="look")
    with pytest.raises(RpcError) as refused:
        look.call("caller.history", **CALLER)
    assert refused.value.reason == "personal_data"
    alice = centre.client()
    alice.open("alice", role="agent", token="alice", agent="alice")
    with pytest.raises(RpcError) as refused:
        alice.call("caller.history", **CALLER)
    assert refused.value.reason == "personal_data"
    assert calls(alice.call("caller.history", call_id="c2")) == ["c5", "c4", "c2", "c1"]


@pytest.mark.parametrize("key, code", [("cid:nobody", 404), ("tel:+99", 404), ("0312345678", 400),
                                       ("cid:", 400), ("alice", 400)])
def test_nobody_and_what_names_nobody(centre, key, code):
    problem = caller(centre, key, code)
    assert problem["status"] == code and problem["detail"]


def test_without_redis_a_caller_cannot_be_told_and_an_agents_figures_can(centre, redis_server):
    redis_server.kill()
    wait_until("it is noticed", lambda: get(centre, "/v1/callers/cid:x", **BOSS).status == 503)
    found = day(centre, "alice")
    assert found["handled"] == 3 and found["contacts"] is None
    with pytest.raises(RpcError) as refused:
        centre.pbx_of_test.call("caller.history", **CALLER)
    assert refused.value.reason == "store_unreachable"
    redis_server.start()
    wait_until("it is back", lambda: get(centre, "/v1/callers/cid:K-77", **BOSS).status == 200)


# --- agents ---


def test_an_agents_day_has_its_time_its_calls_and_its_callers(centre):
    found = day(centre, "alice")
    assert (found["handled"], found["own"], found["offers"]) == (3, 1, 3)
    assert found["own_share"] == pytest.approx(1 / 3, abs=0.001)
    assert found["missed"] == {"no_answer": 0, "busy": 0, "rejected": 0, "unreachable": 0}
    assert found["logged_in_ms"] >= found["paused_ms"] > 0 and set(found["pauses_ms"]) == {"lunch"}
    assert found["day"] and calls(found) == ["c3", "c2", "c1"]
    assert found["contacts"][0]["key"] == "cid:K-77"
    rows = {row["agent"]: row for row in asked(centre, "/v1/stats?by=agent", **BOSS)["rows"]}
    assert rows["alice"]["handled"] == 3


def test_an_agents_day_says_nothing_of_who_called_to_those_who_may_not_know(centre):
    answer = get(centre, "/v1/agents/alice/day", **LOOK)
    assert answer.status == 200 and b"K-77" not in answer.body and b"312345678" not in answer.body
    assert calls(json.loads(answer.body)) == ["c3", "c2", "c1"]


def test_an_agent_sees_their_own_day_alone(centre):
    bob = centre.client()
    bob.open("bob", role="agent", token="bob", agent="bob")
    assert calls(bob.call("agent.day", agent="bob")) == ["c4"]
    with pytest.raises(RpcError) as refused:
        bob.call("agent.day", agent="alice")
    assert refused.value.code == -32002


def test_agents_nobody_knows_and_paths_that_lead_nowhere(centre):
    assert day(centre, "nobody", 404)["detail"] == "there is no agent 'nobody'"
    for path in ("/v1/agents/alice", "/v1/agents/day", "/v1/agents//day", "/v1/agents/a/b/day", "/v1/callers/",
                 "/v1/callers", "/v1/agents/alice/days"):
        assert get(centre, path, **BOSS).status == 404, path


def test_the_day_survives_a_kill(centre):
    before = day(centre, "alice")
    centre.kill()
    centre.start()
    after = day(centre, "alice")
    assert (after["handled"], after["own"], calls(after)) == (before["handled"], before["own"], calls(before))


# --- najimictl ---


def test_najimictl_says_the_same(centre, tools, tmp_path):
    token = tmp_path / "token"
    token.write_text("boss\n")
    ctl = Ctl(tools / "najimictl", centre)
    who = ("--token-file", str(token), "--client", "boss")
    assert calls(ctl.json("caller", "0312345678", *who)) == calls(caller(centre, KEY))
    found = ctl.json("agent", "alice", "--day", *who)
    assert found["handled"] == 3 and calls(found) == ["c3", "c2", "c1"]
    text = ctl("caller", KEY, *who)
    assert "c5" in text and "short_abandoned" in text and "bob" in text
    text = ctl("agent", "alice", "--day", *who)
    assert "handled" in text and "lunch" in text and "c3" in text
    assert "paused" in ctl("agent", "alice", *who)
    assert "nothing is remembered" in ctl.fails(1, "caller", "cid:nobody", *who)
    assert "no agent" in ctl.fails(1, "agent", "nobody", "--day", *who)
