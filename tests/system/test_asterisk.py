"""Calls through a real Asterisk: telephones of SIPp, dialplan and manager user of conf/asterisk."""
import pytest

from asterisk import agree
from asterisk.rig import asterisk, centre, telephones  # noqa: F401 fixtures
from asterisk.sipp import NEVER, STRANGER
from daemon import wait_until

TARO, HANA = "0312345678", "0398765432"
RINGING = "hold = { answer = false; };"  # callers hear ringing, so that SIPp sees how long
DIAL = ["dialplan", "daemon", "agent_first"]
ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'
OWN = 'sticky = { policy = "fixed"; min_talk = "0s"; wait_busy = "20s"; };'


def hold(dial):
    """Who is to be joined with an agent who answered already has to be answered before."""
    return f'hold = {{ answer = {str(dial == "agent_first").lower()}; dial = "{dial}"; }};'


def happened(sipp, number=None):
    return [what for what, _, _ in sipp.happened(number=number)]


def talk_once(centre, number=TARO, agent="alice", **more):
    """One short talk, so that the caller knows the agent; its record."""
    centre.call(number, talk=200, **more).finish()
    record = centre.record()
    assert (record["outcome"], record["agent"]) == ("answered", agent), record
    centre.wait_state(agent, "ready")
    return record


def idle_longer(centre, agent, than):
    """`agent` would be rung before `than`, if nobody knew the caller."""
    centre.desk.call("agent.pause", agent=than)
    centre.desk.call("agent.ready", agent=than)
    assert centre.state(agent) == "ready"


# --- one call ---


@pytest.mark.parametrize("dial", DIAL)
@pytest.mark.parametrize("who", ["caller", "agent"])
def test_a_caller_is_answered(asterisk, centre, dial, who):  # noqa: F811
    centre.open(queue=hold(dial))
    alice = centre.agent("alice", ring=400, talk=1500 if who == "agent" else NEVER)
    caller = centre.call(TARO, talk=NEVER if who == "agent" else 1500)
    alice.wait("answered")
    centre.wait_state("alice", "talking")
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["by"], record["number"]) == ("alice", who, "+81312345678")
    assert 300 <= record["ring_ms"] <= 5000 and 1000 <= record["talk_ms"] <= 6000
    assert record["client"] == "pbx"
    centre.wait_state("alice", "ready")


def test_a_caller_hears_music_until_an_agent_comes(asterisk, centre):  # noqa: F811
    centre.open()
    alice = centre.agent("alice", state="paused", ring=300)
    caller = centre.call(TARO, talk=2500)  # from the answer, which is ours
    caller.wait("answered")
    asterisk.manager.wait("MusicOnHoldStart")
    wait_until("the caller waits", lambda: centre.waiting() == 1)
    centre.desk.call("agent.ready", agent="alice")
    centre.wait_state("alice", "talking")
    asterisk.manager.wait("MusicOnHoldStop")
    caller.finish()
    agree.answered(asterisk, centre.record(), caller, alice, TARO)


def test_a_caller_gives_up_listening_to_music(asterisk, centre):  # noqa: F811
    centre.open(queue='short_abandon = "0s";')
    caller = centre.call(TARO, talk=700)
    caller.finish()
    agree.given_up(asterisk, centre.record(), caller, TARO)


def test_a_caller_gives_up_while_waiting(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING + 'short_abandon = "0s";')
    caller = centre.call(TARO, patience=700)
    caller.finish()
    agree.given_up(asterisk, centre.record(), caller, TARO)


@pytest.mark.parametrize("dial", DIAL)
def test_a_caller_gives_up_while_it_rings(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=f'short_abandon = "0s"; {hold(dial)}')
    alice = centre.agent("alice", ring=NEVER)
    caller = centre.call(TARO, patience=1500, talk=1500)
    caller.finish()
    record = centre.record()
    agree.given_up(asterisk, record, caller, TARO)
    assert record["offers"] == 1
    alice.wait("cancelled")
    centre.wait_state("alice", "ready")
    assert not any(centre.agent_of("alice")["misses"].values())


@pytest.mark.parametrize("dial", DIAL[:2])
def test_without_the_manager_interface_the_dialplan_says_what_happens(asterisk, centre, dial):  # noqa: F811
    centre.open(queue='short_abandon = "0s"; ring = "1s"; ' + hold(dial), manager=None)
    busy = centre.agent("bob", status="486 Busy Here")
    alice = centre.agent("alice", ring=400)
    caller = centre.call(TARO, talk=1500)
    centre.wait_state("alice", "talking")
    assert not caller.happened("hung_up")
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["by"], record["offers"]) == ("alice", "caller", 2)
    assert happened(busy) == ["refused"]
    centre.wait_state("alice", "ready")
    centre.desk.call("agent.pause", agent="alice")
    caller = centre.call(HANA, patience=500).finish()
    agree.given_up(asterisk, centre.record(), caller, HANA)


# --- agents who do not answer ---


@pytest.mark.parametrize("dial", DIAL)
@pytest.mark.parametrize("kind, phone", [
    ("busy", {"status": "486 Busy Here"}),
    ("rejected", {"status": "603 Decline"}),
    ("no_answer", {"ring": NEVER}),
])
def test_who_does_not_answer_is_excluded_and_the_next_is_rung(asterisk, centre, dial, kind, phone):  # noqa: F811
    centre.open(queue=f'ring = "1s"; {hold(dial)}')
    alice = centre.agent("alice", **phone)
    bob = centre.agent("bob", talk=300)
    caller = centre.call(TARO).finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, bob, TARO)
    assert (record["agent"], record["offers"]) == ("bob", 2)
    assert centre.agent_of("alice")["misses"] == {kind: 1}
    assert happened(alice) == (["rings", "cancelled"] if kind == "no_answer" else ["refused"])


def test_who_cannot_be_reached_is_paused(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING)
    centre.agent("ghost")  # Asterisk knows no such telephone
    bob = centre.agent("bob", talk=300)
    caller = centre.call(TARO).finish()
    agree.answered(asterisk, centre.record(), caller, bob, TARO)
    ghost = centre.agent_of("ghost")
    assert ghost["unreachable"] or (ghost["state"], ghost["why"]) == ("paused", "rona")


def test_a_caller_keeps_their_place(asterisk, centre):  # noqa: F811
    """Whoever waited longest is first again after a telephone was busy, at those who may be rung."""
    centre.open(queue=RINGING)
    alice = centre.agent("alice", state="paused", status="486 Busy Here")
    bob = centre.agent("bob", state="paused", talk=200)
    first = centre.call(TARO)
    wait_until("one waits", lambda: centre.waiting() == 1)
    second = centre.call(HANA)
    wait_until("two wait", lambda: centre.waiting() == 2)
    centre.desk.call("agent.ready", agent="alice")
    alice.wait("refused", TARO)
    alice.wait("refused", HANA)  # whom alice may still be offered
    wait_until("both are back", lambda: centre.waiting() == 2)
    centre.desk.call("agent.ready", agent="bob")
    first.finish()
    second.finish()
    assert bob.happened("rings")[0][1] == TARO
    by_number = {one["number"]: one for one in centre.wait_records(2)}
    assert by_number["+81312345678"]["answered_at"] < by_number["+81398765432"]["answered_at"]


# --- who returns ---


def test_a_returning_caller_meets_their_own_agent(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING + OWN)
    alice = centre.agent("alice")
    talk_once(centre)
    bob = centre.agent("bob")
    idle_longer(centre, "bob", than="alice")
    caller = centre.call(TARO, talk=300).finish()
    record = centre.record()
    assert (record["agent"], record["sticky"], record["preferred"]) == ("alice", "own", "alice")
    assert len(alice.happened("answered")) == 2 and not bob.happened()
    assert agree.wait_of(caller, TARO)[0] == "answered"


def test_a_returning_caller_waits_for_their_own_agent_who_is_busy(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING + OWN)
    alice = centre.agent("alice")
    talk_once(centre)
    other = centre.call(HANA, talk=1500)
    centre.wait_state("alice", "talking")
    bob = centre.agent("bob", "sales", "support", talk=100)
    caller = centre.call(TARO, talk=300)
    wait_until("the caller holds out", lambda: centre.waiting() == 1)
    assert centre.state("bob") == "ready"
    caller.finish()
    other.finish()
    by_number = {one["number"]: one for one in centre.wait_records(2)}
    record = by_number["+81312345678"]
    agree.answered(asterisk, record, caller, alice, TARO, which=1)
    assert (record["agent"], record["sticky"]) == ("alice", "own") and record["waited_ms"] > 300
    assert not bob.happened()


def test_a_returning_caller_does_not_wait_for_their_own_agent_who_pauses(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING + OWN)
    centre.agent("alice")
    talk_once(centre)
    centre.desk.call("agent.pause", agent="alice", reason="lunch")
    bob = centre.agent("bob", talk=300)
    caller = centre.call(TARO).finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, bob, TARO)
    assert (record["agent"], record["sticky"]) == ("bob", "other") and record["why"] == "paused"


# --- who calls without a number ---


def test_callers_without_a_number_are_nobody_in_particular(asterisk, centre):  # noqa: F811
    """An untrusted trunk: Asterisk says "anonymous", and that it may be shown."""
    centre.open(queue=RINGING + OWN)
    centre.agent("alice", talk=200)
    hidden = {"shown": ANONYMOUS, "headers": ["Privacy: id"], "trunk": STRANGER}
    centre.call(TARO, **hidden).finish()
    first = centre.record()
    bob = centre.agent("bob", talk=200)
    idle_longer(centre, "bob", than="alice")
    caller = centre.call(TARO, **hidden).finish()
    second = centre.record()
    agree.answered(asterisk, second, caller, bob, TARO, shown="anonymous")
    for record in first, second:
        assert "key" not in record and "number" not in record, record
        assert record["sticky"] in ("none", "no_identity", "new"), record


@pytest.mark.parametrize("used", [False, True])
def test_a_withheld_number_is_shown_to_nobody(asterisk, centre, used):  # noqa: F811
    """A trusted trunk brings the number all the same. Whether it may be used is an option."""
    centre.open(queue=RINGING + OWN, options={"identity": f"use_restricted = {str(used).lower()};"})
    hidden = {"shown": ANONYMOUS,
              "headers": ["Privacy: id", f"P-Asserted-Identity: <sip:{TARO}@127.0.2.1>"]}
    alice = centre.agent("alice", talk=200)
    caller = centre.call(TARO, **hidden).finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO, shown="anonymous")
    assert "number" not in record and ("key" in record) == used, record
    bob = centre.agent("bob", talk=200)
    idle_longer(centre, "bob", than="alice")
    centre.call(TARO, **hidden).finish()
    record = centre.record()
    assert record["agent"] == ("alice" if used else "bob"), record
    assert bool(bob.happened()) != used
    assert TARO[1:] not in centre.daemon.log_text().replace("agi_callerid", "")
