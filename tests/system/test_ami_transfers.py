"""Transfers, as the manager interface of Asterisk tells of them."""
import time

import pytest

from ami_server import Held
from daemon import wait_until
from test_ami import centre, server, server_line  # noqa: F401 fixtures


def send_blindly(server, caller, leg, extension):
    server.leave(caller)
    server.event("BlindTransfer", ("Transferer", leg), ("Transferee", caller), Result="Success", Extension=extension)
    server.hang_up(leg)


def test_blind_to_an_extension_whose_dialplan_rings_another_agent(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob")
    send_blindly(server, caller, leg, "1002")
    other = server.dial(caller, "PJSIP/bob")
    centre.wait_agent("bob", state="offered")
    centre.wait_agent("alice", state="ready")
    server.answer(caller, other)
    centre.wait_agent("bob", state="talking")
    server.ask_hangup(caller)
    record = centre.record()
    assert (record["agent"], record["by"]) == ("bob", "caller")


def test_blind_to_an_agent_who_rings_for_longer_than_the_queue_would(centre, server):  # noqa: F811
    centre.open(server_line(server), options={"queue": 'wrapup = "0s"; ring = "200ms";', "offer": 'grace = "0s";'})
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob", "support")
    send_blindly(server, caller, leg, "bob")
    other = server.dial(caller, "PJSIP/bob")
    centre.wait_agent("bob", state="offered")
    centre.wait_agent("alice", state="ready")
    time.sleep(0.5)
    assert not server.done("Hangup")
    server.answer(caller, other)
    centre.wait_agent("bob", state="talking", misses={})
    server.ask_hangup(caller)
    record = centre.record()
    assert (record["agent"], record["by"], record["legs"], record["offers"]) == ("bob", "caller", 2, 2)


def test_blind_to_an_agent_on_a_break_who_takes_it_after_a_while(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob", "support", state="paused")
    send_blindly(server, caller, leg, "1002")
    other = server.dial(caller, "PJSIP/bob")
    time.sleep(2.3)  # longer than a caller is waited for who was sent nowhere
    server.answer(caller, other)
    centre.wait_agent("bob", state="talking")
    server.ask_hangup(caller)
    record = centre.record()
    assert (record["agent"], record["by"], record["legs"]) == ("bob", "caller", 2)
    centre.wait_agent("bob", state="paused")


@pytest.mark.parametrize("extension", ["1002", "bob"])
def test_blind_to_an_agent_who_does_not_answer_rings_nobody_else(centre, server, extension):  # noqa: F811
    """The dialplan has the caller, for a mailbox perhaps: others would be taken for nothing."""
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob", "support")
    send_blindly(server, caller, leg, extension)
    other = server.dial(caller, "PJSIP/bob")
    centre.wait_agent("bob", state="offered")
    server.end_dial(caller, other, "NOANSWER")
    server.hang_up(other)
    record = centre.record()
    assert (record["outcome"], record["agent"], record["by"]) == ("answered", "alice", "agent")
    assert (centre.get("alice")["state"], centre.get("alice").get("misses")) == ("ready", {})
    assert centre.get("bob")["misses"] == {"no_answer": 1}


def test_blind_to_an_agent_who_does_not_answer_and_back_to_the_queue(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob", "support")
    send_blindly(server, caller, leg, "bob")
    other = server.dial(caller, "PJSIP/bob")
    centre.wait_agent("bob", state="offered")
    server.end_dial(caller, other, "NOANSWER")
    server.hang_up(other)
    wait_until("the miss", lambda: centre.get("bob").get("misses") == {"no_answer": 1})
    held = Held(centre.agi_port, caller, "sales", "")
    assert held.wait_closed()["NAJIMI_TARGET"] == "PJSIP/alice"
    server.answer(caller, server.dial(caller, "PJSIP/alice"))
    centre.wait_agent("alice", state="talking")


def test_blind_to_a_queue(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    send_blindly(server, caller, leg, "support")
    wait_until("waiting there", lambda: [(call["state"], call["queue"]) for call in centre.calls()]
               == [("waiting", "support")])
    centre.wait_agent("alice", state="ready")


def test_blind_to_a_queue_of_ones_own_waits_for_the_others(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("bob", "support")
    other, theirs = centre.talk(server, "bob", "support")
    centre.agent("alice", "sales", "support")
    caller, leg = centre.talk(server)
    send_blindly(server, caller, leg, "support")
    centre.wait_agent("alice", state="ready")
    held = Held(centre.agi_port, caller, "support", "")
    server.ask_hangup(other)
    server.hang_up(theirs)
    server.hang_up(other)
    assert held.wait_closed()["NAJIMI_TARGET"] == "PJSIP/bob"
    assert centre.get("alice")["state"] == "ready"


def test_blind_to_the_outside_ends_it_for_us(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    send_blindly(server, caller, leg, "0409")
    assert centre.record()["by"] == "agent"


def test_attended_through_a_local_channel(centre, server):  # noqa: F811
    """As a real Asterisk does it by a feature code: bob is behind the far half of a Local channel."""
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob")
    bridge = caller.bridge
    one, two = server.channel("Local/1002@desks"), server.channel("Local/1002@desks")
    one.name, two.name = "Local/1002@desks-00000000;1", "Local/1002@desks-00000000;2"
    server.event("Hold", ("", leg))
    server.enter(one, "consult")
    server.leave(leg)
    server.enter(leg, "consult")
    bob = server.dial(two, "PJSIP/bob")
    server.answer(two, bob)
    server.ask_hangup(leg)
    server.leave(leg)
    server.leave(one)
    server.enter(one, bridge)
    server.event("AttendedTransfer", ("OrigTransferer", leg), ("SecondTransferer", leg), ("Transferee", caller),
                 Result="Success", TransferTargetUniqueid=one.uniqueid, DestType="Bridge", DestBridgeUniqueid=bridge)
    server.hang_up(leg)
    centre.wait_agent("bob", state="talking")
    centre.wait_agent("alice", state="ready")
    server.ask_hangup(bob)
    server.hang_up(two)
    server.ask_hangup(one)
    server.hang_up(one)
    server.event("SoftHangupRequest", ("", caller), Cause=16)
    server.hang_up(bob)
    server.hang_up(caller)
    record = centre.record()
    assert (record["agent"], record["by"]) == ("bob", "agent")


def test_attended_to_another_agent_by_the_telephone_itself(centre, server):  # noqa: F811
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.agent("bob")
    consult, bob = server.channel("PJSIP/alice"), server.channel("PJSIP/bob")
    server.event("Hold", ("", leg))
    server.join(bob, consult)
    server.event("AttendedTransfer", ("OrigTransferer", leg), ("SecondTransferer", consult), ("Transferee", caller),
                 ("TransferTarget", bob), Result="Success", DestType="Bridge")
    server.leave(bob)
    server.leave(leg)
    server.enter(bob, caller.bridge)
    for channel in leg, consult:
        server.hang_up(channel)
    centre.wait_agent("bob", state="talking")
    centre.wait_agent("alice", state="ready")
