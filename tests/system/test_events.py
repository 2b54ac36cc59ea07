"""GET /v1/events of the real daemon: what happens, as server-sent events, once Redis has it."""
import json
import socket
import time

import pytest

from daemon import PATIENCE

class Reader:
    """One stream, read as any client would: by lines, through HTTP's chunks."""

    def __init__(self, daemon, query="", last=None):
        self.socket = socket.create_connection(("127.0.0.1", daemon.http_port), timeout=PATIENCE)
        headers = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET /v1/events{query} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline() != b"\r\n":
            pass
        self.rest = b""

    def block(self):
        """What stands before the next empty line."""
        while b"\n\n" not in self.rest:
            size = int(self.file.readline(), 16)
            if size == 0:
                return None
            self.rest += self.file.read(size)
            assert self.file.read(2) == b"\r\n"
        block, self.rest = self.rest.split(b"\n\n", 1)
        return block.decode()

    def event(self, wanted=None):
        """(id, type, data) of the next event, or of the next one of a type."""
        while True:
            block = self.block()
            assert block is not None, "the stream has ended"
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            if "event" in fields and wanted in (None, fields["event"]):
                return fields["id"], fields["event"], json.loads(fields["data"])

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture
def pbx(daemon):
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="PJSIP/alice", queues=["sales"], state="ready")
    return pbx


def one_call(pbx, name):
    offer = pbx.call("call.arrive", call_id=name, queue="sales", **{"from": "0312345678"})["offer"]
    pbx.call("call.answered", call_id=name, offer=offer)
    pbx.call("call.ended", call_id=name, by="caller")
    pbx.call("agent.ready", agent="alice")


def test_it_tells_what_the_native_protocol_tells(daemon, pbx):
    watcher = daemon.pbx("watcher", role="supervisor")
    watcher.call("events.subscribe")
    reader = Reader(daemon)
    one_call(pbx, "c1")
    seen, told = [], []
    while not seen or seen[-1][1] != "call.ended":
        seen.append(reader.event())
    while not told or told[-1]["type"] != "call.ended":
        told.append(watcher.next_event())
    assert [event[2]["seq"] for event in seen] == list(range(seen[0][2]["seq"], seen[-1][2]["seq"] + 1))
    by_seq = {event[2]["seq"]: event for event in seen}
    assert by_seq.keys() == {event["seq"] for event in told}
    for event in told:
        name, kind, data = by_seq[event["seq"]]
        assert (name, kind, data) == (f"{event['epoch']}-{event['seq']}", event["type"], event)
    assert "0312345678" not in json.dumps([event[2] for event in seen]), "numbers are nobody's business"
    reader.close()


def test_who_comes_back_misses_nothing(daemon, pbx):
    reader = Reader(daemon)
    one_call(pbx, "c1")
    last, _, data = reader.event("call.ended")
    reader.close()
    one_call(pbx, "c2")
    reader = Reader(daemon, last=last)
    assert reader.event()[2]["seq"] == data["seq"] + 1
    assert reader.event("call.ended")[2]["data"]["call_id"] == "c2"
    reader.close()


def test_after_a_restart_the_state_has_to_be_read_anew(daemon, pbx):
    reader = Reader(daemon)
    one_call(pbx, "c1")
    last, _, _ = reader.event("call.ended")
    daemon.kill()
    assert reader.file.read() is not None
    daemon.start()
    reader = Reader(daemon, last=last)
    _, kind, data = reader.event()
    assert kind == "reset" and not last.startswith(data["epoch"])
    reader.close()


def test_nothing_is_told_that_redis_does_not_have(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"redis": 'commit_max = "10s";'}).start()
    pbx = daemon.pbx()
    reader = Reader(daemon, "?types=call.decided")
    assert reader.block().startswith("retry: ")
    redis_server.process.send_signal(19)  # SIGSTOP: connected, and silent
    try:
        pbx.send_message({"jsonrpc": "2.0", "id": 99, "method": "call.arrive",
                          "params": {"call_id": "c1", "queue": "sales"}})
        reader.socket.settimeout(1.5)
        with pytest.raises(TimeoutError):
            reader.event()
    finally:
        redis_server.process.send_signal(18)
    # The buffered reader is of no use after a time-out.
    reader.close()
    reader = Reader(daemon, "?types=call.decided", last=f"{json_epoch(daemon)}-0")
    assert reader.event()[2]["data"]["call_id"] == "c1"
    reader.close()


def json_epoch(daemon):
    reader = Reader(daemon, "?types=wallboard")
    epoch = reader.event("wallboard")[2]["epoch"]
    reader.close()
    return epoch


def test_a_silent_stream_says_that_it_lives(daemon):
    began = time.monotonic()
    reader = Reader(daemon, "?types=call.ended")
    assert reader.block() == "retry: 2000"
    assert reader.block() == ": hb"
    assert 9 < time.monotonic() - began < 19
    reader.close()


def test_the_wallboard_comes_whole_and_soon(daemon, pbx):
    reader = Reader(daemon, "?types=wallboard")
    assert reader.event("wallboard")[2]["whole"]["agents"]["ready"] == 1
    began = time.monotonic()
    pbx.call("agent.pause", agent="alice")
    while reader.event("wallboard")[2]["whole"]["agents"]["paused"] == 0:
        assert time.monotonic() - began < 9  # at the latest it comes every ten seconds
    reader.close()


def test_what_there_is_not_is_refused(daemon):
    assert Reader(daemon, "?types=weather").status == 400
