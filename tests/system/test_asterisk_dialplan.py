"""What dialplans and agents' telephones say to Najimi, through a real Asterisk."""
import time

import pytest

from asterisk import agree
from asterisk.asterisk import PHONES, SECRET
from asterisk.rig import AGI, MANAGER, SERVERS, asterisk, centre, telephones  # noqa: F401 fixtures
from asterisk.sipp import NEVER, TRUNK, hand_over
from daemon import wait_until

TARO, HANA = "0312345678", "0398765432"
RINGING = "hold = { answer = false; };"


def ringing(dial):
    return f'hold = {{ answer = false; dial = "{dial}"; }};'


MORE = """
skills = [ "french" ];
tiers = ( { name = "gold"; } );
"""
FIRST_AND_THEN = """
queues = ( {{ name = "sales"; hold = {{ dial = "agent_first"; }}; }},
           {{ name = "support"; hold = {{ dial = "{}"; }}; }} );
"""
AGENTS = 'agents = ( { name = "alice"; target = "PJSIP/alice"; queues = [ "sales" ]; } );'


# --- who the caller is ---


def test_variables_of_the_channel_say_who_the_caller_is(centre):  # noqa: F811
    centre.open(queue=RINGING, more=MORE)
    centre.agent("alice", talk=200)
    centre.call(TARO, extension=702).finish()
    record = centre.record()
    assert (record["customer_id"], record["tier"], record["reason"]) == ("4711", "gold", "billing")
    assert record["key"] == "cid:4711" and record["agent"] == "alice"


def test_arguments_say_who_the_caller_is_and_whom_they_need(centre):  # noqa: F811
    centre.open(queue=RINGING, more=MORE)
    centre.agent("alice", "support", talk=200)
    centre.agent("bob", talk=200)
    centre.desk.call("agent.login", agent="bob", target="PJSIP/bob", queues=["support"],
                     skills={"french": 3}, state="ready")
    centre.call(TARO, extension=703).finish()
    record = centre.record()
    assert record["agent"] == "bob", record
    assert [record.get(name) for name in ("customer_id", "tier", "reason", "case_id", "queue")] == [
        "4712", "gold", "contract", "c7", "support"]


@pytest.mark.parametrize("forged", [
    "0312%0a345678",
    "0312%0d%0a%0d%0aEvent%3a%20UserEvent%0d%0aUserEvent%3a%20NajimiLogout%0d%0aAgent%3a%20alice%0d%0a",
    "taro%0aagi_arg_1%3a%20support%0a%0aEvent%3aX%0a%0a"])
def test_a_number_with_line_feeds_is_a_caller_like_any_other(centre, forged):  # noqa: F811
    """Asterisk hands it on to FastAGI and the manager interface as it is."""
    centre.open(queue=RINGING)
    alice = centre.agent("alice", talk=500)
    caller = centre.call(TARO, shown=f"<sip:{forged}@{TRUNK}>")
    centre.wait_state("alice", "talking")
    caller.finish()
    record = centre.record()
    assert (record["outcome"], record["agent"], record["by"], record["queue"]) == (
        "answered", "alice", "agent", "sales"), record
    assert "key" not in record and "number" not in record
    centre.wait_state("alice", "ready")
    assert len(alice.happened("answered")) == 1
    log = centre.daemon.log_text()
    assert "agi.odd_caller" in log and "asterisk.odd_caller" in log
    assert "protocol_error" not in log and "agent_refused" not in log and "asterisk.away" not in log


# --- who leaves the queue ---


def went_to(asterisk, context, extension):  # noqa: F811
    return asterisk.manager.wait("Newexten", Context=context, Extension=extension)


def test_who_waits_too_long_goes_where_the_queue_says(asterisk, centre):  # noqa: F811
    centre.open(queue='wait_max = "700ms"; hold = { answer = false; };')
    centre.call(TARO).finish()
    record = centre.record()
    assert (record["outcome"], record["wait_ms"] >= 700) == ("overflow", True), record
    went_to(asterisk, "najimi-overflow", "voicemail-sales")


def test_a_full_queue_without_an_overflow_refuses(asterisk, centre):  # noqa: F811
    centre.open(queue="waiting_max = 0; hold = { answer = false; };")
    caller = centre.call(TARO, extension=701).finish()
    assert centre.record()["outcome"] == "rejected"
    assert agree.wait_of(caller, TARO)[0] == "refused"


def test_a_digit_leaves_the_queue(asterisk, centre):  # noqa: F811
    centre.open(queue='short_abandon = "0s"; hold = { leave = "0"; };')
    caller = centre.call(TARO, talk=NEVER)
    wait_until("the caller waits", lambda: centre.waiting() == 1)
    caller.wait("answered")
    channel = next(one for one in asterisk.manager.channels() if "trunk" in one)
    asterisk.manager.ask("PlayDTMF", Channel=channel, Digit="0", Receive="true")
    went_to(asterisk, "najimi-leave", "0")
    caller.finish()
    record = centre.record()
    assert (record["outcome"], record["by"]) == ("abandoned", "caller"), record


def test_callers_are_told_their_place_and_how_long(asterisk, centre):  # noqa: F811
    centre.open(queue='hold = { tell_place = true; tell_wait = true; tell_after = "200ms"; };')
    alice = centre.agent("alice", state="paused", talk=300)
    caller = centre.call(TARO, talk=NEVER)
    asterisk.wait_said("queue-youarenext")
    centre.desk.call("agent.ready", agent="alice")
    caller.finish()
    assert alice.happened("answered") and centre.record()["outcome"] == "answered"


# --- agents who dial codes ---


def test_agents_come_and_go_by_dialled_codes(centre):  # noqa: F811
    centre.open(more=AGENTS)
    centre.telephones.phone("alice", talk=200)

    def dial(code):
        centre.call("alice", extension=code, trunk=PHONES["alice"]).finish()

    dial("*81")
    centre.wait_state("alice", "ready", "paused")
    dial("*84")
    centre.wait_state("alice", "paused")
    dial("*83")
    centre.wait_state("alice", "ready")
    centre.call(TARO).finish()
    assert centre.record()["agent"] == "alice"
    dial("*82")
    centre.wait_state("alice", "logged_out")


# --- transfers ---


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_an_agent_transfers_the_caller_to_another(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=ringing(dial) + 'sticky = { min_talk = "0s"; };')
    alice = centre.agent("alice", talk=500, then="transfer", to=1002)
    bob = centre.agent("bob", "support", talk=700)
    caller = centre.call(TARO).finish()
    centre.wait_state("alice", "ready")
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"]) == ("bob", 2) and record["by"] == "agent"
    agree.near("ended", agree.first(caller, "ended", TARO), agree.first(bob, "hung_up", TARO))
    centre.wait_state("bob", "ready")


def test_who_is_sent_to_an_agent_is_theirs_as_long_as_the_dialplan_rings(asterisk, centre):  # noqa: F811
    """It has bob rung for 20 seconds, the queue would for one."""
    centre.open(queue=RINGING + 'ring = "1s";')
    centre.agent("alice", talk=500, then="transfer", to=1002)
    bob = centre.agent("bob", "support", ring=4000, talk=700)
    caller = centre.call(TARO)
    centre.wait_state("bob", "offered")
    centre.wait_state("alice", "ready")
    bob.wait("answered")
    centre.wait_state("bob", "talking")
    assert (centre.state("alice"), centre.agent_of("bob")["misses"]) == ("ready", {})
    caller.finish()
    record = centre.record()
    assert (record["agent"], record["legs"], record["offers"], record["by"]) == ("bob", 2, 2, "agent"), record
    agree.near("ended", agree.first(caller, "ended", TARO), agree.first(bob, "hung_up", TARO))


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_an_agent_transfers_the_caller_to_another_queue(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=ringing(dial))
    alice = centre.agent("alice", talk=500, then="transfer", to=701)
    bob = centre.agent("bob", "support", talk=700)
    caller = centre.call(TARO).finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"], record["first_queue"], record["queue"]) == (
        "bob", 2, "sales", "support")
    assert len(bob.happened("answered")) == 1
    centre.wait_state("alice", "ready")
    centre.wait_state("bob", "ready")


@pytest.mark.parametrize("extension", [701, 705])
@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_who_is_sent_on_by_an_agent_who_was_called_first_is_not_cut_off(asterisk, centre, dial, extension):  # noqa: F811
    """The talk that follows ends when it ends, and rings nobody again, whoever dials there."""
    centre.open_with(FIRST_AND_THEN.format(dial) + SERVERS.format(manager=MANAGER, secret=SECRET),
                     {"agi": f'listen = "{AGI}";', "queue": 'wrapup = "0s";'})
    alice = centre.agent("alice", talk=500, then="transfer", to=extension)
    bob = centre.agent("bob", "support", talk=1000)
    caller = centre.call(TARO).finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["by"], record["legs"]) == ("bob", "agent", 2), record
    agree.near("ended", agree.first(caller, "ended", TARO), agree.first(bob, "hung_up", TARO))
    assert len(bob.happened("rings")) == 1
    centre.wait_state("alice", "ready")
    centre.wait_state("bob", "ready")


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_who_is_sent_to_another_queue_waits_there(centre, dial):  # noqa: F811
    centre.open(queue=f'hold = {{ answer = false; dial = "{dial}"; }};')
    centre.agent("alice", talk=500, then="transfer", to=701)
    bob = centre.agent("bob", "support", state="paused", talk=500)
    caller = centre.call(TARO)
    wait_until("the caller waits", lambda: centre.waiting("support") == 1)
    time.sleep(2.5)  # longer than anybody is waited for who was sent nowhere
    assert (caller.happened("ended"), centre.waiting("support")) == ([], 1)
    centre.desk.call("agent.ready", agent="bob")
    caller.finish()
    record = centre.record()
    assert (record["agent"], record["by"], record["legs"]) == ("bob", "agent", 2), record
    agree.near("ended", agree.first(caller, "ended", TARO), agree.first(bob, "hung_up", TARO))


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_an_agent_consults_another_and_hands_the_caller_over(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=f'hold = {{ answer = false; dial_options = "t"; dial = "{dial}"; }};')
    alice = centre.agent("alice", talk=6000)  # time enough for Asterisk to call bob, however busy
    bob = centre.agent("bob", "support", talk=9000)
    caller = centre.call(TARO)
    centre.wait_state("alice", "talking")
    channel = next(one for one in asterisk.manager.channels() if "alice" in one)
    asterisk.manager.ask("Atxfer", Channel=channel, Exten="1002", Context="from-agents")
    bob.wait("answered")
    asterisk.manager.wait("AttendedTransfer")  # alice has hung up
    centre.wait_state("bob", "talking")
    centre.wait_state("alice", "ready")
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"]) == ("bob", 2)


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_an_agent_hands_the_caller_over_as_desk_telephones_do(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=ringing(dial))
    alice = centre.agent("alice")
    bob = centre.agent("bob", "support", talk=6000)
    caller = centre.call(TARO)
    centre.wait_state("alice", "talking")
    question = centre.call("alice", extension=1002, trunk=PHONES["alice"])
    bob.wait("answered")
    hand_over(alice, question)
    asterisk.manager.wait("AttendedTransfer")
    centre.wait_state("bob", "talking")
    centre.wait_state("alice", "ready")
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"]) == ("bob", 2)
    centre.wait_state("bob", "ready")


@pytest.mark.parametrize("how", ["telephone", "feature code"])
def test_an_agent_asks_in_a_queue_and_hands_the_caller_over(asterisk, centre, how):  # noqa: F811
    """The caller's contact goes on with who has answered, the question is a call of its own until then."""
    centre.open(queue='hold = { answer = false; dial_options = "t"; }; sticky = { min_talk = "0s"; };')
    alice = centre.agent("alice", talk=2500 if how == "feature code" else NEVER)
    bob = centre.agent("bob", "support", talk=5000)
    caller = centre.call(TARO)
    centre.wait_state("alice", "talking")
    if how == "telephone":
        question = centre.call("alice", extension=701, trunk=PHONES["alice"])
        bob.wait("answered")
        centre.wait_state("bob", "talking")
        hand_over(alice, question)
    else:
        channel = next(one for one in asterisk.manager.channels() if "alice" in one)
        asterisk.manager.ask("Atxfer", Channel=channel, Exten="701", Context="from-agents")
        bob.wait("answered")
    asterisk.manager.wait("AttendedTransfer")  # alice has hung up
    asked = centre.record()
    assert (asked["outcome"], asked["agent"], asked["queue"], asked["by"]) == (
        "answered", "bob", "support", "system"), asked
    assert "key" not in asked and "number" not in asked
    centre.wait_state("alice", "ready")
    assert centre.state("bob") == "talking"
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"], record["by"], record["credited"]) == ("bob", 2, "agent", "bob"), record
    centre.wait_state("bob", "ready")


def test_an_agent_asks_in_a_queue_and_leaves_the_caller_there(asterisk, centre):  # noqa: F811
    """Nobody has answered there yet: the caller waits in place of the question."""
    centre.open(queue='sticky = { min_talk = "0s"; };')
    alice = centre.agent("alice")
    caller = centre.call(TARO)
    centre.wait_state("alice", "talking")
    question = centre.call("alice", extension=701, trunk=PHONES["alice"])
    wait_until("the question waits", lambda: centre.waiting("support") == 1)
    question.wait("answered")
    hand_over(alice, question)
    asked = centre.record()
    assert (asked["queue"], asked["by"]) == ("support", "system"), asked
    centre.wait_state("alice", "ready")
    wait_until("the caller waits there", lambda: centre.waiting("support") == 1)
    bob = centre.agent("bob", "support", talk=700)
    caller.finish()
    record = centre.record()
    assert (record["agent"], record["legs"], record["by"], record["queue"]) == ("bob", 2, "agent", "support"), record
    assert len(bob.happened("answered")) == 1


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_an_agent_hands_the_caller_over_while_the_other_still_rings(asterisk, centre, dial):  # noqa: F811
    """Semi-attended, as many desk telephones do: the caller hears the other ring."""
    centre.open(queue=ringing(dial) + 'ring = "1s";')
    alice = centre.agent("alice")
    bob = centre.agent("bob", "support", ring=4000, talk=1500)
    caller = centre.call(TARO)
    centre.wait_state("alice", "talking")
    question = centre.call("alice", extension=1002, trunk=PHONES["alice"])
    asterisk.manager.wait("DialState", DialStatus="RINGING", DestCallerIDNum="1002")
    hand_over(alice, question)
    asterisk.manager.wait("AttendedTransfer", DestType="App")
    bob.wait("answered")
    centre.wait_state("bob", "talking")
    centre.wait_state("alice", "ready")
    assert centre.agent_of("bob")["misses"] == {}
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert (record["agent"], record["legs"], record["by"]) == ("bob", 2, "agent")
    centre.wait_state("bob", "ready")


@pytest.mark.parametrize("dial", ["dialplan", "daemon"])
def test_an_agent_calls_privately_and_is_not_rung(asterisk, centre, dial):  # noqa: F811
    """A telephone that is in use is no place for a caller, whatever its agent's state."""
    centre.open(queue=f'hold = {{ answer = false; dial = "{dial}"; }};')
    alice = centre.agent("alice")
    centre.telephones.phone("carol")
    private = centre.call("alice", extension=1003, trunk=PHONES["alice"], talk=1500)
    wait_until("alice's telephone is busy", lambda: centre.agent_of("alice")["unreachable"] or
               centre.agent_of("alice").get("device") == "busy")
    caller = centre.call(TARO, talk=200)
    wait_until("the caller waits", lambda: centre.waiting() == 1)
    assert not alice.happened()
    private.finish()
    caller.finish()
    agree.answered(asterisk, centre.record(), caller, alice, TARO)
