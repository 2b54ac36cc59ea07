"""POST /v1/route: route.request over HTTP, with the same parameters, answers and errors."""
import http.client
import json
import signal
import socket

import pytest

from daemon import PATIENCE, wait_until
from test_http import get, sample
from test_http_stamp import check_stamp

JSON = {"Content-Type": "application/json"}
CALLER = {"from": "0312345678"}


def post(daemon, what, path="/v1/route", headers=None, token=None):
    """`what`: an object, or bytes as they are."""
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    headers = dict(JSON if headers is None else headers)
    if token:
        headers["Authorization"] = "Bearer " + token
    connection = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def route(daemon, path="/v1/route", token=None, **what):
    answer = post(daemon, what, path, token=token)
    assert answer.status == 200, (answer.status, answer.body)
    check_stamp(answer)
    document = json.loads(answer.body)
    return {name: document[name] for name in document if name not in ("as_of", "epoch", "seq")}


def error(answer, status, code, reason):
    assert answer.status == status, (answer.status, answer.body)
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["ETag"] is None
    found = json.loads(answer.body)
    assert set(found) == {"error"} and found["error"]["message"]
    assert (found["error"]["code"], found["error"]["data"]["reason"]) == (code, reason)
    return found["error"]["data"]


def log_in(daemon, agent="alice", **more):
    with daemon.client() as desk:
        desk.call("agent.login", agent=agent, target=f"sip:{agent}@127.0.0.1:5081", queues=["sales"],
                  state="ready", **more)


def state_of(daemon, call):
    with daemon.client() as proxy:
        return proxy.call("call.get", call_id=call)["state"]


# --- what is answered ---


def test_the_answer_is_that_of_the_native_protocol(daemon):
    log_in(daemon)
    asked = {"call": "1-6169@127.0.0.1", "queue": "sales", "to": "700", **CALLER}
    answer = route(daemon, **asked)
    assert answer["action"] == "connect" and answer["agent"] == "alice"
    assert answer["uri"] == "sip:alice@127.0.0.1:5081" == answer["rtjson"]["routes"][0]["uri"]
    # From the same address it is the same call, and is reported on there.
    with daemon.client() as proxy:
        assert proxy.call("route.request", **asked) == answer == route(daemon, **asked)
        assert proxy.call("call.answered", call_id=asked["call"], offer=answer["offer"]) == {}
        assert proxy.call("call.ended", call_id=asked["call"])["outcome"] == "answered"
    assert sample(daemon, "najimi_rpc_requests_total", method="route.request", code="0") == 3


def test_who_would_have_to_wait_is_not_held(daemon):
    assert route(daemon, call="1", queue="sales")["action"] == "queue"
    wait_until("the end of the call", lambda: state_of(daemon, "1") == "ended")
    log_in(daemon)
    assert route(daemon, call="1", queue="sales")["action"] == "connect"


def test_a_call_without_a_name_gets_one(daemon):
    calls = {route(daemon, queue="sales")["call"] for _ in range(3)}
    assert len(calls) == 3 and all(call.startswith("route-") for call in calls)


# --- what is refused ---


def test_errors_are_those_of_the_native_protocol(daemon):
    log_in(daemon)
    route(daemon, call="taken", queue="sales")
    for what, status, code, reason, field in (
            (b"", 400, -32700, "bad_json", None),
            (b'{"queue":', 400, -32700, "bad_json", None),
            (b'{"queue":"sales","queue":"sales"}', 400, -32700, "bad_json", None),
            (b"[]", 400, -32600, "invalid_request", None),
            (b'"sales"', 400, -32600, "invalid_request", None),
            ({}, 400, -32602, "missing", "queue"),
            ({"queue": 7}, 400, -32602, "wrong_type", "queue"),
            ({"queue": "sales", "call": "c" * 129}, 400, -32602, None, "call"),
            ({"queue": "sales", "presentation": "shy"}, 400, -32602, None, "presentation"),
            ({"queue": "nowhere"}, 422, -32012, "unknown_queue", "queue"),
            ({"queue": "sales", "call": "taken", **CALLER}, 409, -32015, "other_content", "call_id"),
            (b'{"queue":"sales","from":"' + b"1" * 17000 + b'"}', 413, -32022, "too_large", None)):
        answer = post(daemon, what)
        said = json.loads(answer.body)["error"]
        assert error(answer, status, code, reason or said["data"]["reason"]).get("field") == field, what
        if isinstance(what, dict):
            with daemon.client() as proxy, pytest.raises(Exception) as native:
                proxy.call("route.request", **what)
            assert native.value.code == code and native.value.data == said["data"], what
    assert state_of(daemon, "taken") == "offered"


def test_what_is_not_json_by_its_type_is_not_read(daemon):
    """A page in somebody's browser may send these anywhere without being asked."""
    for kind in "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", None:
        answer = post(daemon, {"queue": "sales"}, headers={} if kind is None else {"Content-Type": kind})
        error(answer, 415, -32600, "content_type")
    assert post(daemon, {"queue": "sales"},
                headers={"Content-Type": "Application/JSON; charset=utf-8"}).status == 200
    with daemon.client() as desk:
        assert desk.call("stats.get", by="queue") is not None
        assert desk.call("queue.get", queue="sales")["arrived"] == 1


def test_the_way_to_ask_is_said(daemon):
    for method in "GET", "HEAD", "PUT", "DELETE", "OPTIONS":
        answer = get(daemon, "/v1/route", method)
        assert answer.status == 405 and answer.headers["Allow"] == "POST", method
    assert post(daemon, {}, "/v1/queues").status == 405
    for query in "?queue=sales", "?client=", "?client=a&client=b", "?client=" + "a" * 129, "?client=%00":
        error(post(daemon, {"queue": "sales"}, "/v1/route" + query), 400, -32602, "bad_query")
    for size in 65537, 10_000_000:  # not even read
        with socket.create_connection(("127.0.0.1", daemon.http_port), timeout=PATIENCE) as large:
            large.sendall(f"POST /v1/route HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          f"Content-Length: {size}\r\n\r\n".encode())
            assert large.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_without_redis_it_says_when_to_ask_again(make_daemon, redis_server):
    redis_server.stop()
    daemon = make_daemon(redis=redis_server).start(wait=False)
    daemon.wait_log("rpc.listening")

    def answered():
        try:
            return post(daemon, {"queue": "sales"})
        except OSError:
            return None
    answer = wait_until("an answer", answered)
    assert error(answer, 503, -32003, "starting")["retry_after_ms"] == 500
    assert answer.headers["Retry-After"] == "1"


# --- who may ---

CLIENTS = """
clients = (
    { name = "pbx-a"; role = "pbx"; token = "switch"; },
    { name = "*"; role = "pbx"; token = "any"; },
    { name = "boss"; role = "supervisor"; token = "boss"; },
    { name = "look"; role = "observer"; token = "look"; },
    { name = "alice"; role = "agent"; token = "alice"; agent = "alice"; }
);
"""


def client_of(daemon, call):
    with daemon.client() as boss:
        boss.open("boss", role="supervisor", token="boss")
        found, = [one for one in boss.call("call.list")["calls"] if one["call_id"] == call]
        return found["client"]


def test_off_loopback_it_takes_the_token_of_who_handles_calls(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, more=CLIENTS)
    daemon.config.write_text(daemon.config.read_text().replace(f'"127.0.0.1:{daemon.http_port}"',
                                                               f'"0.0.0.0:{daemon.http_port}"'))
    daemon.start()
    what = {"queue": "sales"}
    for token, status, code, reason in ((None, 401, -32001, "auth_required"), ("wrong", 401, -32001, "auth_failed"),
                                        ("look", 403, -32002, "role"), ("alice", 403, -32002, "role")):
        answer = post(daemon, what, token=token)
        error(answer, status, code, reason)
        assert (answer.headers["WWW-Authenticate"] is not None) == (status == 401)
    # Nobody else's name, and who has not said who they are learns nothing of what is wrong.
    error(post(daemon, what, "/v1/route?client=pbx-b", token="switch"), 403, -32002, "role")
    error(post(daemon, b"{", headers={}), 401, -32001, "auth_required")
    for number, (token, query, client) in enumerate((("switch", "", "pbx-a"), ("switch", "?client=pbx-a", "pbx-a"),
                                                     ("boss", "", "boss"), ("any", "?client=proxy-9", "proxy-9"),
                                                     ("any", "", "acl:127.0.0.1"))):
        log_in_as_boss(daemon, f"a{number}")
        assert route(daemon, "/v1/route" + query, token, call=f"c{number}", queue="sales")["action"] == "connect"
        assert client_of(daemon, f"c{number}") == client
    # The system of that name has its call.
    with daemon.client() as pbx:
        pbx.open("pbx-a", token="switch")
        assert pbx.call("call.answered", call_id="c0", offer=1) == {}


def log_in_as_boss(daemon, agent):
    with daemon.client() as boss:
        boss.open("boss", role="supervisor", token="boss")
        boss.call("agent.login", agent=agent, queues=["sales"], state="ready")


def test_on_loopback_it_is_trusted_as_the_native_protocol_is(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, more=CLIENTS, options={"rpc": 'trust = "session";'}).start()
    assert error(post(daemon, {"queue": "sales"}), 401, -32001, "auth_required")["detail"]
    assert route(daemon, token="switch", queue="sales")["action"] == "queue"


# --- who goes away ---


def ask(daemon, connection, what):
    body = json.dumps(what).encode()
    connection.sendall(b"POST /v1/route HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                       b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    pass_by(daemon)


def pass_by(daemon):
    """Whatever came to the daemon before this has been looked at."""
    assert get(daemon, "/healthz").status == 200


def is_recalling(daemon):
    return json.loads(get(daemon, "/v1/queues/sales").body)["recalling"] == 1


@pytest.fixture
def frozen(daemon, redis_server):
    """A daemon that asks who the caller is and gets no answer, until somebody thaws its Redis."""
    log_in(daemon)
    redis_server.process.send_signal(signal.SIGSTOP)
    yield daemon
    redis_server.process.send_signal(signal.SIGCONT)


def agent_alice(daemon):
    alice, = json.loads(get(daemon, "/v1/agents").body)["agents"]
    return alice


def test_a_call_whose_asker_has_gone_unheard_is_lost_and_its_agent_free(frozen, redis_server):
    what = {"call": "c1", "queue": "sales", **CALLER}
    with socket.create_connection(("127.0.0.1", frozen.http_port)) as asker:
        ask(frozen, asker, what)
        wait_until("the call", lambda: is_recalling(frozen))
    pass_by(frozen)
    redis_server.process.send_signal(signal.SIGCONT)
    frozen.wait_log("call.unheard")
    wait_until("the end of the call", lambda: state_of(frozen, "c1") == "ended")
    wait_until("alice", lambda: agent_alice(frozen)["state"] == "ready")
    assert agent_alice(frozen)["misses"] == {}
    # Who asks again gets an answer of their own.
    assert route(frozen, **what)["agent"] == "alice"


def connections(daemon):
    """Of others than the one who asks for it."""
    return sample(daemon, "najimi_http_connections") - 1


def test_who_asks_again_in_time_has_the_call(frozen, redis_server):
    what = {"call": "c1", "queue": "sales", **CALLER}
    first, second = (socket.create_connection(("127.0.0.1", frozen.http_port), timeout=PATIENCE) for _ in range(2))
    with first, second:
        ask(frozen, first, what)
        wait_until("the call", lambda: is_recalling(frozen))
        ask(frozen, second, what)
        first.close()
        pass_by(frozen)
        redis_server.process.send_signal(signal.SIGCONT)
        answer = http.client.HTTPResponse(second)
        answer.begin()
        assert answer.status == 200 and json.loads(answer.read())["agent"] == "alice"
    pass_by(frozen)
    assert state_of(frozen, "c1") == "offered" and "call.unheard" not in frozen.log_text()


def test_who_goes_with_the_answer_has_the_call(daemon):
    log_in(daemon)
    assert route(daemon, call="c1", queue="sales")["action"] == "connect"  # which hangs up
    wait_until("the hang-up", lambda: connections(daemon) == 0)
    assert state_of(daemon, "c1") == "offered" and "call.unheard" not in daemon.log_text()


def test_who_does_not_read_holds_up_nobody(daemon):
    body = b'{"queue":"sales"}'
    request = (b"POST /v1/route HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    with socket.create_connection(("127.0.0.1", daemon.http_port)) as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.sendall(request * 100)
        for _ in range(10):
            assert route(daemon, queue="sales")["action"] == "queue"
    wait_until("the end of all calls", lambda: not json.loads(get(daemon, "/v1/calls").body)["calls"])
    wait_until("the hang-up", lambda: connections(daemon) == 0)
