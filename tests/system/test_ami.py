"""The manager interface of Asterisk, against one that does as the tests say."""
import json
import ssl
import subprocess

import pytest

from ami_server import AmiServer, Held, block
from daemon import free_port, wait_until

QUEUES = """
queues = (
    { name = "sales"; },
    { name = "support"; },
    { name = "first"; hold = { dial = "agent_first"; }; }
);
"""


def conf(value):
    """As the configuration writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"( {', '.join(map(json.dumps, value))} )" if isinstance(value, list) else json.dumps(value)


def server_line(server, name="pbx", **more):
    fields = {"name": name, "address": f"127.0.0.1:{server.port}", "user": "najimi", "secret": "of the tests",
              **more}
    text = " ".join(f"{key} = {conf(value)};" for key, value in fields.items())
    return f"    {{ {text} }}"


class Centre:
    def __init__(self, make_daemon, redis_server):
        self.make_daemon, self.redis = make_daemon, redis_server
        self.agi_port = free_port()
        self.daemon = self.desk = None
        self.read = "0"

    def config(self, *lines):
        return "asterisk = (\n" + ",\n".join(lines) + "\n);\n"

    def open(self, *lines, wait=True, options=None):
        groups = {"agi": f'listen = "127.0.0.1:{self.agi_port}"; trusted = ( "127.0.0.0/8" ); variables = false;',
                  "queue": 'wrapup = "0s"; sticky = { policy = "off"; };', **(options or {})}
        self.daemon = self.make_daemon(redis=self.redis, queues=QUEUES, more=self.config(*lines),
                                       options=groups).start()
        self.desk = self.daemon.client()
        self.desk.open("desk", role="supervisor")
        if wait:
            for _ in lines:
                self.daemon.wait_log("asterisk.up")
        return self

    def agent(self, name, *queues, state="ready"):
        self.desk.call("agent.login", agent=name, target=f"PJSIP/{name}", queues=list(queues or ["sales"]), state=state)

    def get(self, agent):
        return self.desk.call("agent.get", agent=agent)

    def wait_agent(self, agent, **members):
        wait_until(f"{agent} {members}", lambda: all(self.get(agent).get(key) == value
                                                     for key, value in members.items()))

    def calls(self):
        return self.desk.call("call.list")["calls"]

    def call(self, server, queue="sales"):
        channel = server.channel("PJSIP/trunk")
        return channel, Held(self.agi_port, channel, queue, unanswered='EXEC "Bridge"')

    def talk(self, server, agent="alice", queue="sales"):
        """A caller who talks with the agent."""
        caller, held = self.call(server, queue)
        assert held.wait_closed()["NAJIMI_TARGET"] == f"PJSIP/{agent}", held.commands
        leg = server.dial(caller, f"PJSIP/{agent}")
        server.answer(caller, leg)
        self.wait_agent(agent, state="talking")
        return caller, leg

    def record(self):
        got = []

        def come():
            found = self.redis.client().xread({"najimi:{main}:contacts": self.read})
            entries = found[0][1] if found else []
            if entries:
                self.read = entries[-1][0]
            got.extend(json.loads(fields["contact"]) for _, fields in entries if "contact" in fields)
            return got
        wait_until("a contact's record", come)
        assert len(got) == 1, got
        return got[0]


@pytest.fixture
def server():
    made = AmiServer()
    yield made
    made.stop()


@pytest.fixture
def second():
    made = AmiServer()
    yield made
    made.stop()


@pytest.fixture
def centre(make_daemon, redis_server):
    return Centre(make_daemon, redis_server)


# --- logging in ---


@pytest.mark.parametrize("pieces", [0, 1, 7])
def test_the_secret_is_proved_and_only_what_concerns_us_is_asked_for(centre, server, pieces):
    server.pieces = pieces
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    centre.open(server_line(server))
    assert server.done("Challenge", AuthType="MD5")
    login = server.done("Login")[0]
    assert "Secret" not in login and len(login["Key"]) == 32
    assert set(login["Events"].split(",")) == {"system", "call", "user", "dtmf"}
    assert {"!Event: VarSet", "!Event: Newexten"} <= set(server.sessions[0].filters)
    assert [action["Action"] for action in server.actions if "List" in action["Action"] or "Show" in action["Action"]] \
        == ["CoreShowChannels", "DeviceStateList"]


def test_the_secret_is_said_plainly_where_the_configuration_says_so(centre, server):
    centre.open(server_line(server, md5=False))
    assert not server.done("Challenge")
    assert server.done("Login")[0]["Secret"] == "of the tests"


def test_a_wrong_secret_is_said_once_with_what_to_do_and_a_reload_heals_it(centre, server):
    centre.open(server_line(server, secret="wrong"), wait=False)
    line = centre.daemon.wait_log("asterisk.refused")
    assert 'server="pbx"' in line and "manager.conf" in line and "Authentication failed" in line
    assert "wrong" not in line
    centre.daemon.more = centre.config(server_line(server))
    centre.daemon.write_config()
    centre.daemon.reload()
    centre.daemon.wait_log("asterisk.up")
    assert centre.daemon.log_text().count("asterisk.refused") == 1


def test_a_server_that_greets_behind_its_first_answer_is_understood(centre, server):
    server.late_banner = True
    centre.open(server_line(server))


def test_what_is_not_booted_yet_is_compared_again_when_it_is(centre, server):
    server.booted = False
    centre.open(server_line(server))
    assert len(server.done("CoreShowChannels")) == 1
    server.say(block("Event: FullyBooted", "Status: Fully Booted"))
    server.wait_done("CoreShowChannels", count=2)
    server.wait_done("DeviceStateList", count=2)


@pytest.mark.parametrize("garbage, why", [
    (b"SSH-2.0-OpenSSH_9.2\r\n", "garbage"),
    (b"\0\0\0\0\n", "garbage"),
    (b"Event: X\r\n" + b"A" * 20000, "line_too_long"),
    (b"Event: X\r\n" + b"A: b\r\n" * 2000, "too_many_lines"),
])
def test_what_is_no_manager_interface_is_left_and_tried_again(centre, server, garbage, why):
    server.garbage = garbage
    centre.open(server_line(server), wait=False)
    assert why in centre.daemon.wait_log("asterisk.away")
    server.garbage = None
    centre.daemon.wait_log("asterisk.up")


def test_one_that_falls_silent_is_left(centre, server):
    centre.open(server_line(server))
    server.silent = True
    wait_until("it is left", lambda: "it is silent" in centre.daemon.log_text(), timeout=120)
    server.silent = False
    wait_until("it is back", lambda: centre.daemon.log_text().count("asterisk.up") == 2)


def test_who_may_not_list_channels_is_told_what_the_user_needs(centre, server):
    server.refused["CoreShowChannels"] = "Permission denied"
    centre.open(server_line(server), wait=False)
    line = centre.daemon.wait_log("asterisk.away")
    assert "Permission denied" in line and "reporting" in line


def test_who_may_not_list_devices_does_without_their_vetoes(centre, server):
    server.refused["DeviceStateList"] = "Permission denied"
    centre.open(server_line(server))
    assert "reporting" in centre.daemon.wait_log("asterisk.no_devices")


def certificate(folder, *names):
    """A certificate that has signed itself, for these names or addresses."""
    alternatives = ",".join(f"IP:{name}" if name[0].isdigit() else f"DNS:{name}" for name in names)
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=pbx",
                    "-addext", f"subjectAltName={alternatives}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def test_tls_meets_the_one_whose_certificate_is_trusted(centre, tmp_path):
    cert, context = certificate(tmp_path, "127.0.0.1")
    server = AmiServer(context)
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    centre.open(server_line(server, tls=True, ca_file=str(cert)))
    centre.agent("alice")
    caller, _ = centre.talk(server)
    server.ask_hangup(caller)
    assert centre.record()["outcome"] == "answered"
    server.stop()


@pytest.mark.parametrize("names, trusted, why", [
    (["127.0.0.1"], False, "self-signed"),
    (["pbx.example"], True, "IP address mismatch"),
])
def test_tls_tells_nothing_to_anybody_else(centre, tmp_path, names, trusted, why):
    cert, context = certificate(tmp_path, *names)
    server = AmiServer(context)
    more = {"ca_file": str(cert)} if trusted else {}
    centre.open(server_line(server, tls=True, **more), wait=False)
    assert why in centre.daemon.wait_log("asterisk.away")
    assert not server.actions
    server.stop()


# --- calls ---


@pytest.mark.parametrize("pieces", [0, 1, 100])
def test_a_call_is_answered_and_ended_as_the_manager_interface_says(centre, server, pieces):
    server.pieces = pieces
    centre.open(server_line(server))
    centre.agent("alice")
    caller, held = centre.call(server)
    assert held.wait_closed()["NAJIMI_ACTION"] == "dial"
    leg = server.dial(caller, "PJSIP/alice")
    centre.wait_agent("alice", state="offered")
    server.answer(caller, leg)
    centre.wait_agent("alice", state="talking")
    server.event("Hold", ("", leg), MusicClass="default")
    wait_until("held", lambda: centre.calls()[0]["state"] == "held")
    server.event("Unhold", ("", leg))
    wait_until("retrieved", lambda: centre.calls()[0]["state"] == "talking")
    server.ask_hangup(leg)
    server.hang_up(leg)
    server.hang_up(caller)
    record = centre.record()
    assert (record["outcome"], record["agent"], record["by"]) == ("answered", "alice", "agent")


def test_who_hangs_up_first_has_ended_the_call(centre, server):
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    server.ask_hangup(caller)
    server.hang_up(leg)
    server.hang_up(caller)
    assert centre.record()["by"] == "caller"
    caller, leg = centre.talk(server)
    server.event("SoftHangupRequest", ("", caller), Cause=16)
    server.hang_up(leg)
    server.hang_up(caller)
    assert centre.record()["by"] == "system"


def test_an_agent_who_hangs_up_is_free_though_the_caller_goes_on_in_the_dialplan(centre, server):
    centre.open(server_line(server))
    centre.agent("alice")
    _, leg = centre.talk(server)
    server.ask_hangup(leg)
    server.hang_up(leg)
    assert centre.record()["by"] == "agent"
    centre.wait_agent("alice", state="ready")


def test_a_caller_who_gives_up_stops_the_ringing(centre, server):
    centre.open(server_line(server))
    centre.agent("alice")
    caller, held = centre.call(server)
    held.wait_closed()
    leg = server.dial(caller, "PJSIP/alice")
    centre.wait_agent("alice", state="offered")
    server.ask_hangup(caller)
    server.end_dial(caller, leg, "CANCEL")
    server.hang_up(leg)
    server.hang_up(caller)
    assert centre.record()["outcome"] in ("abandoned", "short_abandoned")
    centre.wait_agent("alice", state="ready")


@pytest.mark.parametrize("status, cause, kind", [
    ("NOANSWER", 0, "no_answer"), ("NOANSWER", 21, "rejected"), ("BUSY", 17, "busy"), ("CHANUNAVAIL", 21, "rejected"),
    ("CHANUNAVAIL", 20, "unreachable"), ("CONGESTION", 34, "unreachable")])
def test_a_telephone_that_was_not_answered_says_why(centre, server, status, cause, kind):
    centre.open(server_line(server))
    centre.agent("alice")
    caller, held = centre.call(server)
    held.wait_closed()
    leg = server.dial(caller, "PJSIP/alice")
    server.end_dial(caller, leg, status)
    server.hang_up(leg, cause)
    wait_until("the miss", lambda: centre.get("alice").get("misses") == {kind: 1})


def test_of_two_telephones_of_an_agent_one_may_be_busy(centre, server):
    centre.open(server_line(server))
    centre.desk.call("agent.login", agent="alice", target="PJSIP/alice&PJSIP/home", queues=["sales"], state="ready")
    caller, held = centre.call(server)
    held.wait_closed()
    desk, home = server.dial(caller, "PJSIP/alice"), server.dial(caller, "PJSIP/home")
    server.end_dial(caller, desk, "BUSY")
    server.hang_up(desk, 17)
    server.end_dial(caller, home, "ANSWER")
    server.join(home, caller)
    centre.wait_agent("alice", state="talking")
    assert not centre.get("alice").get("misses")


def test_a_waiting_caller_who_is_moved_behind_our_back_waits_no_more(centre, server):
    centre.open(server_line(server))
    caller, held = centre.call(server)
    wait_until("waiting", lambda: [call["state"] for call in centre.calls()] == ["waiting"])
    held.hang_up()  # what FastAGI says when a channel is redirected
    held.wait_closed()
    boss = server.channel("PJSIP/boss")
    server.join(boss, caller)
    assert centre.record()["by"] == "system"


# --- devices ---


def test_devices_veto(centre, server):
    server.devices["PJSIP/alice"] = "UNAVAILABLE"
    centre.open(server_line(server))
    centre.agent("alice")
    centre.wait_agent("alice", device="unreachable")
    for state, word in ("NOT_INUSE", "reachable"), ("INUSE", "busy"), ("RINGING", "reachable"), \
            ("ONHOLD", "busy"), ("INVALID", "unreachable"), ("UNKNOWN", "reachable"):
        server.device("PJSIP/alice", state)
        centre.wait_agent("alice", device=word)


def test_a_telephone_is_within_reach_if_one_of_two_servers_reaches_it(centre, server, second):
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    second.devices["PJSIP/alice"] = "UNAVAILABLE"
    centre.open(server_line(server, "one"), server_line(second, "two"))
    wait_until("both are up", lambda: centre.daemon.log_text().count("asterisk.up") == 2)
    centre.agent("alice")
    assert centre.get("alice")["device"] == "reachable"
    second.device("PJSIP/alice", "INUSE")
    centre.wait_agent("alice", device="busy")
    second.device("PJSIP/alice", "UNAVAILABLE")
    centre.wait_agent("alice", device="reachable")
    server.device("PJSIP/alice", "UNAVAILABLE")
    centre.wait_agent("alice", device="unreachable")


# --- agents by telephone ---


def test_agents_log_in_and_out_and_pause_by_events_of_the_dialplan(centre, server):
    centre.open(server_line(server))
    phone = server.channel("PJSIP/alice")
    server.event("UserEvent", ("", phone), UserEvent="NajimiLogin", Agent="alice", Queues="sales&support",
                 State="ready")
    wait_until("logged in", lambda: any(agent["agent"] == "alice" for agent in centre.desk.call("agent.list")["agents"]))
    state = centre.get("alice")
    assert (state["state"], state["target"], sorted(queue["queue"] if isinstance(queue, dict) else queue
                                                    for queue in state["queues"])) \
        == ("ready", "PJSIP/alice", ["sales", "support"])
    server.event("UserEvent", ("", phone), UserEvent="NajimiPause", Agent="alice", Reason="lunch")
    centre.wait_agent("alice", state="paused", reason="lunch")
    server.event("UserEvent", ("", phone), UserEvent="NajimiReady", Agent="alice")
    centre.wait_agent("alice", state="ready")
    server.event("UserEvent", ("", phone), UserEvent="NajimiLogout", Agent="alice")
    centre.wait_agent("alice", state="logged_out")
    server.event("UserEvent", ("", phone), UserEvent="NajimiReady", Agent="nobody")
    assert "nobody" in centre.daemon.wait_log("asterisk.agent_refused")


# --- losing it ---


def test_what_was_missed_is_put_right_when_it_is_back(centre, server):
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    centre.open(server_line(server))
    for agent in "alice", "bob", "carol":
        centre.agent(agent)
        server.devices[f"PJSIP/{agent}"] = "NOT_INUSE"
    talking, leg = centre.talk(server, "alice")
    ringing, held = centre.call(server)
    held.wait_closed()
    bob = server.dial(ringing, "PJSIP/bob")
    gone, _ = centre.talk(server, "carol")
    server.cut()
    wait_until("it is away", lambda: "asterisk.away" in centre.daemon.log_text())
    # Nobody hears of what happens now.
    del server.channels[gone.uniqueid]
    bob.bridge = ringing.bridge = "theirs"
    server.devices["PJSIP/carol"] = "UNAVAILABLE"
    wait_until("it is back", lambda: centre.daemon.log_text().count("asterisk.up") == 2)
    centre.wait_agent("bob", state="talking")
    record = centre.record()
    assert (record["agent"], record["by"]) == ("carol", "loss")
    centre.wait_agent("carol", device="unreachable")
    centre.wait_agent("alice", state="talking")
    server.ask_hangup(leg)
    server.hang_up(leg)
    server.hang_up(talking)
    assert centre.record()["by"] == "agent"


def test_telephones_of_an_asterisk_that_is_gone_cannot_be_reached(centre, server):
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    centre.open(server_line(server), options={"rpc": 'orphan_max = "5s";'})
    centre.agent("alice")
    centre.talk(server)
    server.stop()
    assert centre.record()["by"] == "loss"
    centre.daemon.wait_log("asterisk.gone")
    centre.wait_agent("alice", device="unreachable")
    server.channels.clear()
    server.start()
    wait_until("it is back", lambda: centre.daemon.log_text().count("asterisk.up") == 2)
    centre.wait_agent("alice", device="reachable")


def test_a_short_absence_leaves_calls_and_devices_as_they_are(centre, server):
    server.devices["PJSIP/alice"] = "NOT_INUSE"
    centre.open(server_line(server))
    centre.agent("alice")
    centre.talk(server)
    server.stop()
    server.start()
    wait_until("it is back", lambda: centre.daemon.log_text().count("asterisk.up") == 2)
    assert centre.get("alice")["state"] == "talking"
    assert "asterisk.gone" not in centre.daemon.log_text()


def test_after_a_restart_of_ours_talks_go_on(centre, server):
    centre.open(server_line(server))
    centre.agent("alice")
    caller, leg = centre.talk(server)
    centre.daemon.kill()
    centre.daemon.start()
    centre.daemon.wait_log("asterisk.up")
    centre.desk = centre.daemon.client()
    centre.desk.open("desk", role="supervisor")
    assert centre.get("alice")["state"] == "talking"
    server.ask_hangup(leg)
    server.hang_up(leg)
    server.hang_up(caller)
    record = centre.record()
    assert (record["agent"], record["by"]) == ("alice", "agent")


def test_each_server_has_its_own_calls(centre, server, second):
    centre.open(server_line(server, "one", **{"from": ["127.0.0.1"]}), server_line(second, "two", **{"from": ["127.0.0.2"]}))
    wait_until("both are up", lambda: centre.daemon.log_text().count("asterisk.up") == 2)
    centre.agent("alice")
    caller, leg = centre.talk(server)
    second.event("Hangup", ("", caller), Cause=16)  # the same number on another server
    second.cut()
    wait_until("the second is back", lambda: centre.daemon.log_text().count("asterisk.up") == 3)
    assert centre.get("alice")["state"] == "talking"
    server.ask_hangup(leg)
    server.hang_up(leg)
    server.hang_up(caller)
    assert centre.record()["by"] == "agent"


def test_a_server_that_is_taken_out_of_the_list_is_left(centre, server):
    centre.open(server_line(server))
    centre.daemon.more = ""
    centre.daemon.write_config()
    centre.daemon.reload()
    wait_until("nobody is there", lambda: not server.sessions)


# --- what callers hear ---


def test_an_agent_who_is_free_need_not_hear_the_announcement_out(centre, server):
    centre.open(server_line(server), options={"queue": 'hold = { announcement = "long"; tell_after = "0s"; };'})
    caller = server.channel("PJSIP/trunk")
    held = Held(centre.agi_port, caller, "sales", "", unanswered="STREAM FILE")
    wait_until("the announcement", lambda: 'STREAM FILE "long" ""' in held.commands)
    assert not server.done("ControlPlayback")
    centre.agent("alice")
    action = server.wait_done("ControlPlayback")
    assert (action["Channel"], action["Control"]) == (caller.uniqueid, "stop")
    held.answer()
    assert held.wait_closed()["NAJIMI_TARGET"] == "PJSIP/alice"


# --- the agent first ---


def originated(server):
    action = server.wait_done("Originate")
    leg = server.channel(action["Channel"], state=5)
    del server.channels[leg.uniqueid]
    leg.uniqueid = leg.linkedid = action["ChannelId"]
    server.channels[leg.uniqueid] = leg
    server.event("DialBegin", ("Dest", leg))
    server.event("Newstate", ("", leg))
    return action, leg


def response(server, action, leg, result, reason):
    server.say(block("Event: OriginateResponse", f"ActionID: {action['ActionID']}", f"Response: {result}",
                     f"Channel: {leg.name}", f"Reason: {reason}", f"Uniqueid: {leg.uniqueid}"))


def answered(server, action, leg):
    """The agent takes the call, and is put aside until they are joined with the caller."""
    response(server, action, leg, "Success", 4)
    assert action["Application"] == "BridgeWait" and action["Data"].startswith(f"{leg.uniqueid},participant,")
    server.event("BridgeEnter", ("", leg), BridgeUniqueid=f"aside-{leg.uniqueid}", BridgeTechnology="holding_bridge")


def joined(held, leg):
    """Asterisk is told to join them, on the caller's own connection."""
    wait_until("Bridge", lambda: f'EXEC "Bridge" "{leg.uniqueid},x"' in held.commands)


def called_first(centre, server):
    """A caller, and alice, whose telephone rings before they hear of each other."""
    centre.open(server_line(server))
    centre.agent("alice", "first")
    return *centre.call(server, "first"), *originated(server)


def meeting(centre, server):
    """A caller, and alice, who was called first and has answered: they are about to be joined."""
    caller, held, action, leg = called_first(centre, server)
    answered(server, action, leg)
    joined(held, leg)
    return caller, held, leg


def test_the_agent_is_called_first_and_joined_with_the_caller(centre, server):
    caller, held, action, leg = called_first(centre, server)
    assert action["Channel"] == "PJSIP/alice" and action["Async"] == "true" and int(action["Timeout"]) > 1000
    assert "0312345678" in action["CallerID"]
    answered(server, action, leg)
    joined(held, leg)
    server.join(leg, caller)
    server.end_dial(caller, leg, "ANSWER")  # a word that comes late, and of the agent's side alone
    centre.wait_agent("alice", state="talking")
    assert server.wait_done("Setvar", Variable="NAJIMI_ACTION", Value="hangup")["Channel"] == caller.uniqueid
    server.ask_hangup(leg)
    held.answer()
    assert held.wait_closed()["NAJIMI_ACTION"] == "hangup"
    server.hang_up(leg)
    server.hang_up(caller)
    record = centre.record()
    assert (record["outcome"], record["agent"], record["by"]) == ("answered", "alice", "agent")


@pytest.mark.parametrize("first", ["FastAGI", "AMI"])
def test_a_caller_who_ends_such_a_talk_is_told_as_such(centre, server, first):
    caller, held, leg = meeting(centre, server)
    server.join(leg, caller)
    centre.wait_agent("alice", state="talking")
    if first == "AMI":
        server.ask_hangup(caller)
        wait_until("no call", lambda: not centre.calls())
    held.hang_up()  # which Asterisk says before it answers anything
    held.answer()
    assert held.wait_closed() == {}
    server.hang_up(caller)
    record = centre.record()
    assert (record["outcome"], record["agent"], record["by"]) == ("answered", "alice", "caller")


def test_an_agent_with_two_telephones_is_rung_at_both(centre, server):
    """Originate calls one: the daemon dials, and callers hear ringing."""
    centre.open(server_line(server))
    centre.desk.call("agent.login", agent="alice", target="PJSIP/alice&PJSIP/home", queues=["first"], state="ready")
    held = Held(centre.agi_port, server.channel("PJSIP/trunk"), "first", unanswered='EXEC "Dial"')
    wait_until("Dial", lambda: [one for one in held.commands if "Dial" in one])
    assert held.commands[-1].startswith('EXEC "Dial" "PJSIP/alice&PJSIP/home,')
    assert not server.done("Originate")
    assert centre.get("alice")["state"] == "offered"


def test_the_talk_begins_when_both_hear_each_other(centre, server):
    caller, held, action, leg = called_first(centre, server)
    answered(server, action, leg)
    server.end_dial(caller, leg, "ANSWER")
    joined(held, leg)
    server.enter(caller, "b")
    server.event("Hold", ("", leg))  # of no talk
    assert centre.get("alice")["state"] == "offered"
    server.enter(leg, "b")
    centre.wait_agent("alice", state="talking")


@pytest.mark.parametrize("first", ["FastAGI", "AMI"])
def test_an_agent_who_is_gone_before_they_meet_has_refused(centre, server, first):
    caller, held, leg = meeting(centre, server)
    if first == "AMI":
        server.ask_hangup(leg)
        server.hang_up(leg)
    held.answer()
    if first != "AMI":  # or the agent is there still: they could not be joined
        assert server.wait_done("Hangup")["Channel"] == leg.uniqueid
        server.hang_up(leg)
    wait_until("the miss", lambda: centre.get("alice").get("misses") == {"rejected": 1})
    wait_until("music again", lambda: held.commands[-1] == 'SET MUSIC ON "default"')
    assert [call["state"] for call in centre.calls()] == ["waiting"]


def test_an_agent_who_answers_while_the_connection_is_lost_is_joined_when_it_is_back(centre, server):
    _, held, _, leg = called_first(centre, server)
    leg.bridge = f"aside-{leg.uniqueid}"
    server.cut()
    joined(held, leg)
    assert centre.get("alice")["misses"] == {}


@pytest.mark.parametrize("order", ["before", "behind"])
@pytest.mark.parametrize("reason, cause, kind", [(3, 16, "no_answer"), (5, 17, "busy"), (8, 0, "unreachable"),
                                                 (0, 0, "unreachable"), (1, 0, "rejected"), (0, 21, "rejected"),
                                                 (0, 17, "busy")])
def test_an_agent_who_is_called_first_may_miss_it(centre, server, reason, cause, kind, order):
    _, _, action, leg = called_first(centre, server)
    if order == "before":
        server.hang_up(leg, cause)
    response(server, action, leg, "Failure", reason)
    if order == "behind":
        server.hang_up(leg, cause)
    wait_until("the miss", lambda: centre.get("alice").get("misses") == {kind: 1})


def test_an_agent_who_is_called_for_nobody_is_hung_up(centre, server):
    caller, held, action, leg = called_first(centre, server)
    server.ask_hangup(caller)
    held.hang_up()
    assert server.wait_done("Hangup")["Channel"] == leg.uniqueid
    response(server, action, leg, "Success", 4)  # it was too late
    server.wait_done("Hangup", count=2)
    assert not [one for one in held.commands if "Bridge" in one]


def test_a_user_who_may_not_originate_is_told_so(centre, server):
    server.refused["Originate"] = "Permission denied"
    centre.open(server_line(server))
    centre.agent("alice", "first")
    centre.call(server, "first")
    assert "originate" in centre.daemon.wait_log("asterisk.cannot_call")


def test_an_asterisk_that_goes_down_calls_nobody_and_costs_no_agent_anything(centre, server):
    server.refused["Originate"] = "Asterisk is shutting down"
    centre.open(server_line(server))
    centre.agent("alice", "first")
    centre.call(server, "first")
    centre.daemon.wait_log("asterisk.going_down")
    wait_until("the caller waits", lambda: [call["state"] for call in centre.calls()] == ["waiting"])
    centre.wait_agent("alice", state="ready", misses={})
