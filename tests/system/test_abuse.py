"""One connection misbehaves; it suffers, and nobody else does."""
import json
import socket
import time

import pytest

from daemon import PATIENCE, wait_until
from native_client import Client, Disconnected, RpcError


def raw(daemon):
    return socket.create_connection(("127.0.0.1", daemon.rpc_port), timeout=PATIENCE)


def read_to_end(connection):
    data = b""
    try:
        while chunk := connection.recv(65536):
            data += chunk
    except ConnectionError:
        pass
    return data


def still_serves(daemon):
    with daemon.pbx("control") as pbx:
        assert pbx.call("ping") is not None


def test_http_on_the_protocol_port_is_turned_away_without_looking_at_the_body(daemon):
    connection = raw(daemon)
    body = b'{"jsonrpc":"2.0","id":1,"method":"call.arrive","params":{"call_id":"evil","queue":"sales"}}'
    connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert read_to_end(connection).startswith(b"HTTP/1.1 400")
    assert daemon.pbx("boss", role="supervisor").call("call.list")["calls"] == []


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00\x01", b"\x00\x00\x01", b"hello\n", b"99999999:",
                                     b"5:hello!", b"00:,", b"{]"])
def test_garbage_closes_that_connection_only(daemon, garbage):
    connection = raw(daemon)
    connection.sendall(garbage)
    read_to_end(connection)
    still_serves(daemon)


def test_parse_error_is_answered_with_id_null(daemon):
    connection = raw(daemon)
    connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":}\n')
    reply = json.loads(read_to_end(connection).split(b"\n")[0])
    assert reply["id"] is None and reply["error"]["code"] == -32700


def test_message_in_single_bytes_and_two_in_one_segment(daemon):
    connection = raw(daemon)
    message = b'{"jsonrpc":"2.0","id":"x","method":"ping"}\n'
    for n in range(len(message)):
        connection.sendall(message[n:n + 1])
    connection.sendall(message + message)
    data = b""
    while data.count(b"\n") < 3:
        data += connection.recv(65536)
    assert [json.loads(line)["id"] for line in data.splitlines()] == ["x"] * 3


def test_reply_mirrors_a_client_without_newlines(daemon):
    connection = raw(daemon)
    connection.sendall(b'{"jsonrpc":"2.0","id":7,"method":"ping"}')
    data = connection.recv(65536)
    assert json.loads(data)["id"] == 7 and not data.endswith(b"\n")


def test_netstring_both_ways(daemon):
    with Client(daemon.rpc_port, netstring=True) as client:
        assert client.call("ping") is not None


def test_batch_is_answered_as_one(daemon):
    connection = raw(daemon)
    connection.sendall(json.dumps([
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "ping"},
        {"jsonrpc": "2.0", "id": 2, "method": "nothing"},
        7]).encode() + b"\n")
    data = b""
    while not data.endswith(b"\n"):
        data += connection.recv(65536)
    replies = json.loads(data)
    assert sorted((str(r["id"]), r.get("error", {}).get("code")) for r in replies) == \
        [("1", None), ("2", -32601), ("None", -32600)]


def test_too_large_message_is_refused_and_closed(daemon):
    connection = raw(daemon)
    try:
        connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"x" * 200000)
    except ConnectionError:
        pass
    read_to_end(connection)
    still_serves(daemon)


def test_half_a_message_delays_nobody(daemon):
    connections = [raw(daemon) for _ in range(20)]
    for connection in connections:
        connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"')
    still_serves(daemon)
    for connection in connections:
        connection.close()


def test_flood_is_answered_and_others_are_served_meanwhile(daemon):
    flood = raw(daemon)
    flood.settimeout(0.5)
    block = b'{"jsonrpc":"2.0","id":1,"method":"queue.list"}\n' * 500
    sent = 0
    deadline = time.monotonic() + 3
    with daemon.pbx("control") as pbx:
        while time.monotonic() < deadline:
            try:
                sent += flood.send(block)
            except (TimeoutError, socket.timeout, ConnectionError):
                break
            started = time.monotonic()
            pbx.call("ping")
            assert time.monotonic() - started < 5
    assert sent > 0
    still_serves(daemon)


def resident(daemon):
    with open(f"/proc/{daemon.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_slow_reader_loses_events_then_the_connection_and_memory_stays_bounded(
        make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "rpc": 'output_soft = "64K"; output_max = "256K";', "queue": 'wrapup = "0s";',
        "log": 'level = "info";'}).start()
    slow = daemon.pbx("slow", role="supervisor")
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.call("events.subscribe")
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    before = resident(daemon)
    closed = False
    for n in range(6000):
        decision = pbx.call("call.arrive", call_id=f"c{n}", queue="sales")
        pbx.call("call.answered", call_id=f"c{n}", offer=decision["offer"])
        pbx.call("call.ended", call_id=f"c{n}", by="caller")
        if n % 200 == 0 and "slow" in daemon.log_text() and "session.closed" in daemon.log_text():
            closed = True
            break
    assert closed or "session.closed" in daemon.log_text()
    assert resident(daemon) - before < 64 * 1024
    still_serves(daemon)


def test_too_many_unauthenticated_connections_are_turned_away(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "rpc": 'trust = "session"; unauthenticated_max = 4; login_max = "4s";'},
        more='clients = ({ name = "pbx-a"; role = "pbx"; token = "secret"; });').start()
    idle = [raw(daemon) for _ in range(4)]
    fifth = raw(daemon)
    assert read_to_end(fifth) == b""
    for connection in idle:
        read_to_end(connection)     # closed after login_max
    with daemon.client() as client:
        with pytest.raises(RpcError) as refused:
            client.call("call.arrive", call_id="c1", queue="sales")
        assert refused.value.code == -32001
    with daemon.client() as client:
        with pytest.raises(RpcError) as wrong:
            client.open("pbx-a", token="wrong")
        assert wrong.value.code == -32001
    with daemon.client() as client:
        assert client.open("pbx-a", token="secret")["protocol"] == 1


def test_silent_session_is_closed_after_three_heartbeats(daemon):
    client = daemon.client()
    client.open("pbx-a", heartbeat_ms=1000)
    with pytest.raises(Disconnected):
        while True:
            client.read_message() or pytest.fail("still open")
    wait_until("the log says it", lambda: "session.closed" in daemon.log_text())
