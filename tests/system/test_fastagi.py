"""Callers whom Asterisk leaves with us by FastAGI: a stub of Asterisk, and a real daemon and Redis."""
import json
import re
import signal
import socket
import time

import pytest

from daemon import PATIENCE, free_port, wait_until
from fastagi import Channel

QUEUES = """
queues = (
    { name = "sales"; overflow = "voicemail-sales"; },
    { name = "support"; },
    { name = "night"; open = false; },
    { name = "short"; overflow = "voicemail-sales"; waiting_max = 1; hold = { answer = false; music = ""; }; },
    { name = "ours"; hold = { dial = "daemon"; dial_options = "tT"; answer = false; }; },
    { name = "told"; hold = { answer = false; tell_place = true; tell_after = "100ms"; leave = "0*"; }; }
);
"""


class Centre:
    def __init__(self, make_daemon, redis_server, **options):
        self.port, self.redis = free_port(), redis_server
        agi = f'listen = "127.0.0.1:{self.port}"; ' + options.pop("agi", "")
        queue = 'wrapup = "0s"; short_abandon = "0s"; ' + options.pop("queue", "")
        self.daemon = make_daemon(redis=redis_server, queues=QUEUES,
                                  options={"agi": agi, "queue": queue, **options}).start()
        self.desk = self.daemon.pbx("desk")

    def agent(self, name, queues=("sales",), state="ready"):
        self.desk.call("agent.login", agent=name, target=f"PJSIP/{name}", queues=list(queues), state=state)

    def caller(self, callerid="0312345678", **more):
        return Channel(self.port, callerid=callerid, **more)

    def state(self, channel):
        for call in self.desk.call("call.list")["calls"]:
            if call["call_id"] == channel.uniqueid:
                return call
        return None

    def position(self, channel):
        decision = self.desk.call("call.explain", call_id=channel.uniqueid, client="agi:127.0.0.1")
        return decision["decision"]["position"]

    def wait_state(self, channel, state):
        def there():
            call = self.state(channel)
            return call if call and call["state"] == state else None
        return wait_until(f"{channel.uniqueid} is {state}", there)

    def record(self, channel):
        def there():
            for _, fields in self.redis.client().xrange("najimi:{main}:contacts"):
                contact = json.loads(fields["contact"])
                if contact["call"] == channel.uniqueid:
                    return contact
            return None
        return wait_until(f"the contact of {channel.uniqueid}", there)

    def errors(self):
        text = self.daemon_metrics()
        found = re.findall(r'^najimi_agi_protocol_errors_total\{reason="(\w+)"\} (\d+)', text, re.M)
        return {reason: int(value) for reason, value in found}

    def daemon_metrics(self):
        with socket.create_connection(("127.0.0.1", self.daemon.http_port), timeout=PATIENCE) as http:
            http.sendall(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b"".join(iter(lambda: http.recv(65536), b"")).decode()


@pytest.fixture
def centre(make_daemon, redis_server):
    made = []

    def open_centre(**options):
        made.append(Centre(make_daemon, redis_server, **options))
        return made[-1]
    yield open_centre
    for centre in made:
        centre.desk.close()


def test_a_caller_is_answered_and_the_agent_is_remembered(centre):
    centre = centre(queue='sticky = { min_talk = "0s"; };')
    centre.agent("alice")
    caller = centre.caller().route()
    assert caller.action == "dial" and caller.variables["NAJIMI_TARGET"] == "PJSIP/alice"
    assert caller.variables["NAJIMI_CALL"] == caller.uniqueid and caller.variables["NAJIMI_OFFER"] == "1"
    assert caller.variables["NAJIMI_RING"] == "20" and caller.variables["NAJIMI_STICKY"] == "new"
    assert caller.said == [caller.said[0], caller.said[1]] and caller.said[0].startswith("GET FULL VARIABLE")
    caller.answered()
    centre.wait_state(caller, "talking")
    caller.rang("ANSWER", "16")
    caller.h(seconds="1")
    record = centre.record(caller)
    assert (record["outcome"], record["by"], record["agent"]) == ("answered", "caller", "alice")
    assert record["number"] == "+81312345678" and record["client"] == "agi:127.0.0.1"
    # The next time it is alice again, though bob has been idle for longer.
    centre.agent("bob")
    centre.desk.call("agent.pause", agent="alice")
    centre.desk.call("agent.ready", agent="alice")
    again = centre.caller().route()
    assert (again.variables["NAJIMI_AGENT"], again.variables["NAJIMI_STICKY"]) == ("alice", "own")


def test_a_caller_waits_with_music_and_is_connected_when_somebody_comes(centre):
    centre = centre()
    caller = centre.caller().route(serve=False).serve(until="SET MUSIC ON")
    assert [said.split('"')[0].strip() for said in caller.said] == ["GET FULL VARIABLE", "ANSWER", "SET MUSIC ON"]
    centre.wait_state(caller, "waiting")
    centre.agent("alice")
    caller.serve()
    assert caller.action == "dial" and caller.said[-1] == "SET MUSIC OFF"


def test_a_caller_gives_up_waiting(centre):
    centre = centre()
    caller = centre.caller().route(serve=False).serve(until="SET MUSIC ON")
    assert caller.hang_up() < 2   # Asterisk keeps the channel for as long as we keep the socket
    caller.h()
    record = centre.record(caller)
    assert (record["outcome"], record["by"]) == ("abandoned", "caller")


def test_a_caller_who_gives_up_is_over_soon_though_nobody_says_so(centre):
    centre = centre()
    caller = centre.caller().route(serve=False).serve(until="SET MUSIC ON")
    caller.hang_up()
    assert centre.record(caller)["outcome"] == "abandoned"


def test_no_answer_brings_the_caller_back_to_the_same_place(centre):
    centre = centre()
    centre.agent("alice")
    first = centre.caller().route()
    second = centre.caller("0398765432").route(serve=False).serve(until="SET MUSIC ON")
    arrived = centre.state(first)["arrived_at"]
    first.rang("NOANSWER")
    centre.desk.call("agent.pause", agent="alice")
    first.route(serve=False).serve(until="SET MUSIC ON")
    call = centre.wait_state(first, "waiting")
    assert call["arrived_at"] == arrived
    assert (centre.position(first), centre.position(second)) == (1, 2)
    centre.agent("bob")
    first.serve()
    assert (first.variables["NAJIMI_AGENT"], first.variables["NAJIMI_OFFER"]) == ("bob", "2")


@pytest.mark.parametrize("status, cause, miss", [("BUSY", "17", "busy"), ("CHANUNAVAIL", "21", "rejected"),
                                                 ("CHANUNAVAIL", "20", "unreachable")])
def test_why_an_agent_was_not_reached_is_told_apart(centre, status, cause, miss):
    centre = centre()
    centre.agent("alice")
    centre.agent("bob")
    caller = centre.caller().route()
    agent = caller.variables["NAJIMI_AGENT"]
    caller.rang(status, cause)
    caller.route()
    assert caller.action == "dial" and caller.variables["NAJIMI_AGENT"] != agent
    assert re.search(rf'^najimi_\w*miss\w*\{{.*"{miss}".*\}} 1$', centre.daemon_metrics(), re.M)


def test_variables_and_arguments_say_who_calls(centre):
    centre = centre()
    caller = centre.caller(NAJIMI_CUSTOMER="k (42), vip", NAJIMI_REASON="in\nvoice", NAJIMI_PRIORITY="7")
    caller.variables["NAJIMI_REASON"] = "invoice"
    caller.route("sales", "tier=gold", serve=False).serve(until="SET MUSIC ON")
    call = centre.desk.call("call.get", call_id=caller.uniqueid, client="agi:127.0.0.1")
    assert (call["customer_id"], call["priority"], call["reason"]) == ("k (42), vip", 7, "invoice")


def test_a_full_queue_overflows_and_a_closed_one_hangs_up(centre):
    centre = centre()
    centre.caller().route("short", "vars=no", serve=False)
    wait_until("one waits", lambda: centre.desk.call("call.list")["calls"])
    second = centre.caller("0398765432").route("short")
    assert (second.action, second.variables["NAJIMI_OVERFLOW"], second.variables["NAJIMI_WHY"]) == \
        ("overflow", "voicemail-sales", "queue_full")
    assert centre.record(second)["outcome"] == "overflow"
    third = centre.caller("0399999999").route("night")
    assert (third.action, third.variables["NAJIMI_WHY"]) == ("hangup", "closed")


def test_what_cannot_be_done_falls_back_and_says_why(centre):
    centre = centre()
    for args, why in ((("sails",), "unknown_queue"), (("sales", "", "priority=high"), "wrong_type"),
                      (("sales", "", "skills=klingon:3"), "unknown_skill")):
        caller = centre.caller().agi("route", *args).serve()
        assert (caller.action, caller.variables["NAJIMI_WHY"]) == ("fallback", why), caller.said
    caller = centre.caller().agi("dance").serve()
    assert (caller.action, caller.variables["NAJIMI_WHY"]) == ("fallback", "unknown_script")
    fact = centre.daemon.wait_log("agi.refused")
    assert "PJSIP/trunk-" in fact and "sails" in fact


def test_the_daemon_dials_on_the_caller_s_channel(centre):
    centre = centre()
    centre.agent("alice", queues=["ours"])
    centre.agent("bob", queues=["ours"])
    caller = centre.caller()
    answered = []

    def dial(target):
        if not answered:
            answered.append(target)
            return "CHANUNAVAIL", "21"
        options = caller.said[-1]
        call, offer = re.search(r"U\(najimi-answered\^([^^]+)\^(\d+)\)", options).groups()
        Channel(centre.port).agi("answered", call, offer).serve()
        centre.wait_state(caller, "talking")
        return "ANSWER", "16"
    caller.on_dial = dial
    caller.route("ours")
    assert caller.action == "hangup" and len(caller.dials) == 2 and len(set(caller.dials)) == 2
    record = centre.record(caller)
    assert (record["outcome"], record["by"], record["offers"]) == ("answered", "agent", 2)


def test_callers_are_told_their_place_and_leave_by_a_digit(centre):
    centre = centre()
    caller = centre.caller()
    carry_out = caller.carry_out

    def press(words):
        return "200 result=42 endpos=800" if words[:2] == ["STREAM", "FILE"] else carry_out(words)
    caller.carry_out = press
    caller.route("told")
    assert 'STREAM FILE "queue-youarenext" "0*"' in caller.said
    assert (caller.action, caller.variables["NAJIMI_DIGIT"]) == ("leave", "*")
    assert (centre.record(caller)["outcome"], centre.record(caller)["by"]) == ("abandoned", "caller")


def test_callers_who_waited_when_the_daemon_died_come_back_to_their_places(centre):
    centre = centre()
    callers = [centre.caller(f"03123456{n:02}").route(serve=False).serve(until="SET MUSIC ON")
               for n in range(5)]
    for caller in callers:
        centre.wait_state(caller, "waiting")
    before = [centre.state(caller)["arrived_at"] for caller in callers]
    centre.daemon.kill()
    for caller in callers:
        assert caller.serve().action == ""   # Asterisk sees the end, and calls it success
    centre.daemon.start()
    for caller in reversed(callers):
        caller.said.clear()
        caller.route(serve=False).serve(until="SET MUSIC ON")
        assert not any("GET FULL" in said for said in caller.said)   # it is known who they are
    centre.desk = centre.daemon.pbx("desk")
    assert [centre.wait_state(caller, "waiting")["arrived_at"] for caller in callers] == before
    assert [centre.position(caller) for caller in callers] == [1, 2, 3, 4, 5]
    for n, caller in enumerate(callers):   # and are served in their order
        centre.agent(f"agent-{n}")
        caller.serve()
        assert caller.variables["NAJIMI_AGENT"] == f"agent-{n}"


def test_an_offer_that_was_out_when_the_daemon_died_is_still_good(centre):
    centre = centre()
    centre.agent("alice")
    caller = centre.caller().route()
    centre.daemon.kill()
    centre.daemon.start()
    caller.answered()
    centre.desk = centre.daemon.pbx("desk")
    centre.wait_state(caller, "talking")
    caller.rang("ANSWER", "16")
    caller.h("3")
    assert centre.record(caller)["agent"] == "alice"


def test_the_end_of_a_call_that_comes_while_the_daemon_starts_is_heard(centre):
    centre = centre(agi='request_max = "30s";')
    centre.agent("alice")
    caller = centre.caller().route()
    caller.answered()
    centre.wait_state(caller, "talking")
    centre.daemon.kill()
    centre.redis.stop()
    centre.daemon.start(wait=False)
    centre.daemon.wait_log("agi.listening")
    caller.rang("ANSWER", "16")
    caller.alive = False
    caller.agi("ended", caller.variables["NAJIMI_CALL"], "ANSWER", "3", "16")
    other = centre.caller("0398765432").route()
    assert other.action == "fallback" and other.variables["NAJIMI_WHY"] in ("not_ready", "not_leader")
    centre.redis.start()
    caller.serve()
    centre.desk = centre.daemon.pbx("desk")
    assert centre.record(caller)["outcome"] == "answered"


def test_agents_log_in_pause_and_leave_by_codes(centre):
    centre = centre()

    def dial(*args):
        channel = Channel(centre.port).agi("agent", *args).serve()
        return channel.variables["NAJIMI_RESULT"], channel.said

    def state():
        found = [a for a in centre.desk.call("agent.list")["agents"] if a["agent"] == "alice"]
        return found[0]["state"] if found else None
    result, said = dial("login", "alice", "queues=sales;support", "target=PJSIP/alice", "confirm=voice")
    assert result == "done" and 'STREAM FILE "agent-loginok" ""' in said and state() == "ready"
    assert centre.caller().route().variables["NAJIMI_TARGET"] == "PJSIP/alice"
    assert dial("pause", "alice", "reason=lunch")[0] == "done"
    assert dial("ready", "alice", "confirm=tone")[0] == "done"
    assert dial("logout", "alice")[0] == "done"
    assert dial("ready", "nobody")[0] == "unknown_agent"
    assert dial("login", "alice", "queues=sails")[0] == "unknown_queue"


# --- what nobody should do ---


def test_an_environment_may_come_byte_by_byte(centre):
    centre = centre(agi='request_max = "1m";')
    centre.agent("alice")
    caller = centre.caller().agi("route", "sales", pause=0.001).serve()
    assert caller.action == "dial"


def test_one_that_never_ends_is_closed(centre):
    centre = centre(agi='request_max = "300ms";')
    with socket.create_connection(("127.0.0.1", centre.port), timeout=PATIENCE) as peer:
        peer.sendall(b"agi_network: yes\nagi_chan")
        assert peer.recv(100) == b""
    assert centre.errors()["request_timeout"] == 1


def test_garbage_is_closed_and_counted(centre):
    centre = centre()
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"hello\n", b"\n",
                    b"agi_network: yes\nwhat\n", b"agi_network: yes\n" + b"agi_x: " + b"y" * 20000,
                    b"agi_network: yes\n" * 3000):
        with socket.create_connection(("127.0.0.1", centre.port), timeout=PATIENCE) as peer:
            try:
                peer.sendall(garbage)
                while peer.recv(65536):
                    pass
            except ConnectionResetError:
                pass
    errors = centre.errors()
    assert set(errors) == {"http", "tls_on_plain", "garbage", "not_agi", "line_too_long", "too_many_lines"}, errors
    assert centre.caller("0311111111").route(serve=False).serve(until="SET MUSIC ON")


def test_strangers_are_turned_away(centre):
    centre = centre(agi='trusted = ( "127.0.0.2" );')
    with socket.create_connection(("127.0.0.1", centre.port), timeout=PATIENCE) as peer:
        assert peer.recv(100) == b""
    assert centre.errors() == {"untrusted": 1}
    caller = centre.caller(source="127.0.0.2").route(serve=False).serve(until="SET MUSIC ON")
    assert centre.state(caller) is not None


def test_a_flood_of_connections_takes_nothing_from_those_who_wait(centre):
    centre = centre(agi='connections_max = 20; request_max = "5m"; variables = false;')
    caller = centre.caller().route(serve=False).serve(until="SET MUSIC ON")
    flood = []
    for _ in range(200):
        flood.append(socket.create_connection(("127.0.0.1", centre.port), timeout=PATIENCE))
    wait_until("most are turned away", lambda: centre.errors().get("too_many_connections", 0) == 181)
    centre.agent("alice")
    assert caller.serve().action == "dial"
    for peer in flood:
        peer.close()
    wait_until("there is room again",
               lambda: centre.caller("0398765432").agi("route", "nowhere").serve().action == "fallback")


def test_orders_wait_for_redis(centre):
    centre = centre(redis='commit_max = "10s";')
    centre.agent("alice")
    centre.redis.process.send_signal(signal.SIGSTOP)
    caller = centre.caller(NAJIMI_TIER="").agi("route", "sales", "", "vars=no")
    try:
        with pytest.raises(TimeoutError):
            caller.serve(timeout=0.5)
        assert caller.said == []
    finally:
        centre.redis.process.send_signal(signal.SIGCONT)
    assert caller.serve().action == "dial"


def test_callers_cost_nothing_while_they_wait(centre):
    centre = centre(agi='variables = false;')
    callers = [centre.caller(f"0312{n:06}").route(serve=False).serve(until="SET MUSIC ON")
               for n in range(300)]
    stat = f"/proc/{centre.daemon.process.pid}/stat"

    def ticks():
        with open(stat, encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    before = ticks()
    time.sleep(2)
    assert ticks() - before <= 10   # 50 ms of 2 s, on a machine that has other work
    assert len(centre.desk.call("call.list")["calls"]) == len(callers)
