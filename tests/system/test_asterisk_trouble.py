"""A real Asterisk, and what breaks: Asterisk itself, the daemon, the way between them."""
import pytest

from asterisk import agree
from asterisk.asterisk import PHONES
from asterisk.rig import asterisk, centre, telephones  # noqa: F401 fixtures
from asterisk.relay import Relay
from asterisk.sipp import NEVER
from daemon import PATIENCE, wait_until

TARO, HANA, KEN = "0312345678", "0398765432", "0311112222"
RINGING = "hold = { answer = false; };"


@pytest.fixture
def way(asterisk):  # noqa: F811
    """The daemon's way to the manager interface, which can be cut."""
    relay = Relay(("127.0.0.5", 5038), ("127.0.0.1", 5038)).start()
    yield relay
    relay.cut()


def wait_waiting(centre, count):
    wait_until(f"{count} wait", lambda: centre.waiting() == count)


def test_asterisk_dies_and_comes_back(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING, options={"rpc": 'orphan_max = "1s";'})
    centre.agent("alice")
    centre.agent("bob", "support")
    talking = centre.call(TARO)
    centre.wait_state("alice", "talking")
    waiting = centre.call(HANA)
    wait_waiting(centre, 1)
    asterisk.kill()
    for sipp in talking, waiting:
        sipp.end()
    by_number = {one["number"]: one for one in centre.wait_records(2)}
    assert by_number["+81398765432"]["outcome"] == "lost"
    assert by_number["+81312345678"]["by"] == "loss"
    wait_until("all are unreachable", lambda: all(centre.agent_of(one)["unreachable"] for one in ("alice", "bob")))

    asterisk.start()
    wait_until("all are back", lambda: not any(centre.agent_of(one)["unreachable"] for one in ("alice", "bob")))
    alice = centre.telephones.all[0]
    centre.wait_state("alice", "ready")
    caller = centre.call(KEN, talk=300).finish()
    agree.answered(asterisk, centre.record(), caller, alice, KEN)


@pytest.mark.parametrize("dial", ["dialplan", "daemon"])
def test_an_asterisk_that_waits_to_stop_costs_no_agent_anything(asterisk, centre, dial):  # noqa: F811
    """Who talks talks on; who waits is rung for in vain, for Asterisk makes no channels any more."""
    centre.open(queue=f'short_abandon = "0s"; hold = {{ answer = false; dial = "{dial}"; }};')
    centre.agent("alice", talk=2000)
    centre.call(TARO)
    centre.wait_state("alice", "talking")
    waiting = centre.call(HANA, patience=5000)
    wait_waiting(centre, 1)
    console = asterisk.stop_gracefully()
    record = centre.record()
    assert (record["outcome"], record["by"], record["agent"]) == ("answered", "agent", "alice"), record
    centre.daemon.wait_log("asterisk.going_down")
    wait_waiting(centre, 1)
    assert (centre.state("alice"), centre.agent_of("alice")["misses"]) == ("ready", {})
    waiting.finish()
    record = centre.record()
    assert (record["outcome"], record["by"], record["offers"]) == ("abandoned", "caller", 1), record
    asterisk.process.wait(timeout=PATIENCE)
    console.wait(timeout=PATIENCE)
    wait_until("alice cannot be reached", lambda: centre.agent_of("alice")["unreachable"])
    asterisk.forget()
    asterisk.start()
    wait_until("alice is back", lambda: not centre.agent_of("alice")["unreachable"])
    centre.call(KEN).finish()
    record = centre.record()
    assert (record["outcome"], record["agent"]) == ("answered", "alice"), record


def test_the_daemon_dies_and_the_dialplan_goes_on(asterisk, centre):  # noqa: F811
    """Every caller falls into app_queue. Who is back within resume_max has waited since they first called."""
    centre.open(queue=RINGING)
    phones = [centre.telephones.phone(one, ring=NEVER) for one in ("alice", "bob")]
    impatient = centre.call(TARO, patience=5000)
    wait_waiting(centre, 1)
    others = [centre.call(number) for number in (HANA, KEN)]
    wait_waiting(centre, 3)
    centre.kill()
    wait_until("all are in app_queue",
               lambda: len(asterisk.manager.find("QueueCallerJoin", Queue="sales")) == 3)
    for caller in others:
        assert caller.happened() == caller.happened("called")
    centre.start()
    impatient.finish()
    assert agree.wait_of(impatient, TARO)[0] == "gave_up"
    assert phones[0].happened("rings") or phones[1].happened("rings")
    asterisk.hang_up_all()  # the others are told that nobody is there
    centre.wait_records(3)

    later = centre.call("0355556666", talk=100)
    wait_waiting(centre, 1)
    back = centre.call(TARO, talk=100)
    wait_waiting(centre, 2)
    for phone in phones:
        phone.end()
    alice = centre.agent("alice", ring=100)
    back.finish()
    later.finish()
    assert [number for _, number, _ in alice.happened("answered")] == [TARO, "0355556666"]


def test_a_restart_of_the_daemon_moves_nobody(asterisk, centre):  # noqa: F811
    """It is killed, and there again before anybody falls into app_queue."""
    centre.open(queue=RINGING)
    alice = centre.agent("alice", state="paused", talk=200)
    callers = []
    for number in TARO, HANA, KEN:
        callers.append(centre.call(number))
        wait_waiting(centre, len(callers))
    centre.kill()
    centre.start()
    wait_until("all are held again", lambda: centre.held() == 3)
    centre.desk.call("agent.ready", agent="alice")
    for caller in callers:
        caller.finish()
    assert [number for _, number, _ in alice.happened("answered")] == [TARO, HANA, KEN]
    assert not asterisk.manager.find("QueueCallerJoin")
    for record, caller, number in zip(centre.wait_records(3), callers, (TARO, HANA, KEN)):
        agree.answered(asterisk, record, caller, alice, number)


def test_the_manager_interface_is_lost_in_mid_bridge_and_comes_back(asterisk, centre, way):  # noqa: F811
    centre.open(queue=RINGING, manager="127.0.0.5:5038")
    alice = centre.agent("alice")
    caller = centre.call(TARO, talk=3000)
    centre.wait_state("alice", "talking")
    way.cut()
    centre.daemon.wait_log("asterisk.away")
    assert centre.state("alice") == "talking"
    way.start()
    centre.wait_watched(times=2)
    assert centre.state("alice") == "talking"
    caller.finish()
    record = centre.record()
    agree.answered(asterisk, record, caller, alice, TARO)
    assert record["by"] == "caller"


@pytest.mark.parametrize("told", [True, False])
def test_a_call_ends_while_the_manager_interface_is_lost(asterisk, centre, way, told):  # noqa: F811
    """The h extension tells us; without one, we find out when the way is there again."""
    centre.open(queue=RINGING, manager="127.0.0.5:5038")
    alice = centre.agent("alice")
    caller = centre.call(TARO, talk=1000, extension=700 if told else 704)
    centre.wait_state("alice", "talking")
    way.cut()
    centre.daemon.wait_log("asterisk.away")
    caller.finish()
    if told:
        centre.wait_state("alice", "ready")
    else:
        assert centre.state("alice") == "talking"
    way.start()
    centre.wait_watched(times=2)
    centre.wait_state("alice", "ready")
    record = centre.record()
    assert (record["outcome"], record["agent"]) == ("answered", "alice")
    if told:
        agree.answered(asterisk, record, caller, alice, TARO)


def test_the_second_daemon_is_asked_when_the_first_is_not_there(asterisk, centre):  # noqa: F811
    centre.open(queue=RINGING, agi="127.0.0.2:4573")
    alice = centre.agent("alice", talk=300)
    caller = centre.call(TARO).finish()
    agree.answered(asterisk, centre.record(), caller, alice, TARO)
    assert not asterisk.manager.find("QueueCallerJoin")


def test_the_second_daemon_takes_over_with_everybody_in_their_places(asterisk, centre):  # noqa: F811
    """The first is stopped, its callers are asked for by the second, who leads from then on."""
    centre.open(queue=RINGING)
    alice = centre.agent("alice", state="paused", talk=200)
    second = centre.stand_by("127.0.0.2:4573")
    callers = []
    for number in TARO, HANA:
        callers.append(centre.call(number))
        wait_waiting(centre, len(callers))
    centre.take_over(second)
    wait_until("all are held again", lambda: centre.held() == 2)
    centre.desk.call("agent.ready", agent="alice")
    for caller in callers:
        caller.finish()
    assert [number for _, number, _ in alice.happened("answered")] == [TARO, HANA]
    assert not asterisk.manager.find("QueueCallerJoin")
    for record, caller, number in zip(centre.wait_records(2), callers, (TARO, HANA)):
        agree.answered(asterisk, record, caller, alice, number)


def test_a_daemon_that_stands_by_sends_callers_to_the_one_that_leads(asterisk, centre):  # noqa: F811
    """It knows within a second that the other one is alive, and then keeps nobody's line."""
    centre.open(queue=RINGING, agi="127.0.0.2:4573")
    centre.stand_by("127.0.0.1:4573")
    alice = centre.agent("alice", talk=300)
    centre.call(TARO).finish()
    assert centre.record()["outcome"] == "answered"
    caller = centre.call(HANA).finish()
    agree.answered(asterisk, centre.record(), caller, alice, HANA)
    assert asterisk.variable_set("NAJIMI_ACTION", "fallback")
    assert not asterisk.manager.find("QueueCallerJoin")


def test_who_stands_by_names_the_one_that_leads(asterisk, centre):  # noqa: F811
    """The dialplan asks a daemon that it does not know of, and when the call is over tells that one."""
    centre.open(queue=RINGING, agi="127.0.0.3:4573", manager=None)
    second = centre.stand_by("127.0.0.1:4573")
    second.wait_log("lease.standing_by")
    alice = centre.agent("alice", talk=300)
    caller = centre.call(TARO).finish()
    assert asterisk.variable_set("NAJIMI_LEADER", "agi://127.0.0.3:4573")
    record = centre.record()
    assert (record["outcome"], record["agent"]) == ("answered", "alice")
    assert caller.happened() and alice.happened("answered")
    assert not asterisk.manager.find("QueueCallerJoin")


@pytest.mark.parametrize("leader", ["127.0.0.3:4573", "127.0.0.2:4573"])
def test_agents_codes_reach_the_one_that_leads(asterisk, centre, leader):  # noqa: F811
    """The one that stands by names it; or it is the second, for the first is not there."""
    agents = 'agents = ( { name = "alice"; target = "PJSIP/alice"; queues = [ "sales" ]; } );'
    centre.open(queue=RINGING, agi=leader, more=agents)
    if leader.startswith("127.0.0.3"):
        centre.stand_by("127.0.0.1:4573").wait_log("lease.standing_by")
    for code, states in ("*81", ("ready", "paused")), ("*84", ("paused",)), ("*83", ("ready",)):
        centre.call("alice", extension=code, trunk=PHONES["alice"]).finish()
        centre.wait_state("alice", *states)
