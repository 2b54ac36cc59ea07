"""The HTTP side of the real daemon, read by others' parsers."""
import http.client
import json
import shutil
import socket
import subprocess
import time

import pytest
from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from daemon import PATIENCE, wait_until

OPENMETRICS = "application/openmetrics-text;version=1.0.0"
CALLER = {"from": "0312345678"}


def get(daemon, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def state(daemon, path, **headers):
    answer = get(daemon, path, **headers)
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    document = json.loads(answer.body)
    assert document["as_of"].endswith("Z") and document["epoch"] and document["seq"] >= 0
    return document


def metrics(daemon):
    """Every sample by name and labels."""
    answer = get(daemon, "/metrics", Accept=OPENMETRICS)
    families = openmetrics_parser.text_string_to_metric_families(answer.body.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def sample(daemon, name, **labels):
    return metrics(daemon)[name, tuple(sorted(labels.items()))]


@pytest.fixture
def centre(daemon):
    """One caller talks, one waits, one has given up; one agent works, one has a pause."""
    pbx = daemon.pbx()
    for agent in "alice", "bob":
        pbx.call("agent.login", agent=agent, target=f"PJSIP/{agent}", queues=["sales"],
                 state="ready" if agent == "alice" else "paused")
    offer = pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER)["offer"]
    pbx.call("call.answered", call_id="c1", offer=offer)
    pbx.call("call.arrive", call_id="c2", queue="sales", **{"from": "0398765432"})
    pbx.call("call.arrive", call_id="c3", queue="sales")
    pbx.call("call.ended", call_id="c3", by="caller")
    daemon.pbx_of_test = pbx
    return daemon


# --- metrics ---


def test_promtool_finds_nothing_to_say_about_the_metrics(centre):
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool (Debian package prometheus) is not installed")
    answer = get(centre, "/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    done = subprocess.run([promtool, "check", "metrics"], input=answer.body, capture_output=True)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    assert done.stderr == b"", done.stderr.decode()


def test_strict_parsers_read_the_same_from_both_formats(centre):
    plain = get(centre, "/metrics")
    openmetrics = get(centre, "/metrics", Accept=OPENMETRICS)
    assert openmetrics.headers["Content-Type"] == \
        "application/openmetrics-text; version=1.0.0; charset=utf-8"

    def names(families):
        return {s.name for f in families for s in f.samples}

    of_plain = names(text_parser.text_string_to_metric_families(plain.body.decode()))
    of_open = names(openmetrics_parser.text_string_to_metric_families(openmetrics.body.decode()))
    assert of_plain == of_open
    assert len(of_plain) > 60


def test_every_family_has_help_and_a_type(centre):
    answer = get(centre, "/metrics", Accept=OPENMETRICS)
    for family in openmetrics_parser.text_string_to_metric_families(answer.body.decode()):
        assert family.documentation and family.type != "unknown", family.name


def test_what_happened_to_the_callers_is_counted(centre):
    values = metrics(centre)

    def value(name, **labels):
        return values[name, tuple(sorted(labels.items()))]

    outcomes = sum(v for (name, _), v in values.items() if name == "najimi_calls_completed_total")
    live = sum(v for (name, _), v in values.items() if name == "najimi_queue_calls")
    assert value("najimi_calls_offered_total", queue="sales") == 3 == outcomes + live
    assert value("najimi_calls_completed_total", queue="sales", outcome="short_abandoned") == 1
    assert value("najimi_queue_calls", queue="sales", state="talking") == 1
    assert value("najimi_queue_calls", queue="sales", state="waiting") == 1
    assert value("najimi_agents", queue="sales", state="paused") == 1
    assert value("najimi_calls_offered_total", queue="support") == 0
    assert value("najimi_call_wait_seconds_bucket", queue="sales", outcome="answered",
                 le="20.0") == 1
    assert value("najimi_service_level_answered_in_time_total", queue="sales") == 1
    assert value("najimi_decision_seconds_count", adapter="native") == 3
    assert value("najimi_commit_seconds_count") > 0
    assert value("najimi_rpc_requests_total", method="call.arrive", code="0") == 3
    assert value("najimi_rpc_sessions", role="pbx") == 1
    assert value("najimi_store_up") == 1 and value("najimi_leader") == 1
    assert value("najimi_ready") == 1
    assert value("process_start_time_seconds") == pytest.approx(time.time(), abs=120)


def test_the_own_agent_is_counted_for_those_who_return(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'}).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", queues=["sales"], state="ready")
    for call in "c1", "c2":
        offer = pbx.call("call.arrive", call_id=call, queue="sales", **CALLER)["offer"]
        pbx.call("call.answered", call_id=call, offer=offer)
        pbx.call("call.ended", call_id=call, by="caller")
    assert sample(daemon, "najimi_sticky_total", queue="sales", result="own") == 1
    assert sample(daemon, "najimi_sticky_own_reachable_total", queue="sales") == 1


# --- health ---


def test_health_and_readiness(daemon):
    assert get(daemon, "/healthz").body == b"ok\n"
    answer = get(daemon, "/readyz")
    assert answer.status == 200
    document = json.loads(answer.body)
    assert document["ready"] is True
    assert document["checks"] == {"loop": "up", "recovery": "done", "lease": "held", "redis": "up"}


def test_without_redis_it_lives_and_is_not_ready(make_daemon, redis_server):
    redis_server.stop()
    daemon = make_daemon(redis=redis_server).start(wait=False)
    wait_until("answers", lambda: _health(daemon) == 200)
    answer = get(daemon, "/readyz")
    assert answer.status == 503
    assert json.loads(answer.body)["checks"]["recovery"] == "waiting"


def _health(daemon):
    try:
        return get(daemon, "/healthz").status
    except OSError:
        return None


# --- state ---


def test_queues_agents_and_calls_as_json(centre):
    queues = {q["queue"]: q for q in state(centre, "/v1/queues")["queues"]}
    assert queues["sales"]["waiting"] == 1 and queues["sales"]["talking"] == 1
    assert state(centre, "/v1/queues/sales")["queue"] == "sales"
    agents = {a["agent"]: a for a in state(centre, "/v1/agents")["agents"]}
    assert agents["alice"]["state"] == "talking" and agents["alice"]["call"] == "c1"
    assert agents["bob"]["state"] == "paused"
    calls = {c["call_id"]: c for c in state(centre, "/v1/calls")["calls"]}
    assert set(calls) == {"c1", "c2"}
    assert calls["c1"]["agent"] == "alice" and calls["c1"]["client"] == "pbx-a"


def test_http_and_the_native_protocol_say_the_same(centre):
    native = centre.pbx_of_test.call("queue.list")["queues"]
    ours = state(centre, "/v1/queues")["queues"]
    for one, other in zip(native, ours):
        for name in set(one) - {"oldest_wait_ms", "sticky"}:
            assert one[name] == other[name], name


def test_numbers_are_masked_on_http(centre):
    body = get(centre, "/v1/calls").body.decode()
    assert "12345678" not in body and "98765432" not in body
    assert json.loads(body)["calls"][0]["from"]


def test_an_unchanged_state_is_a_304_until_something_happens(centre):
    etag = get(centre, "/v1/agents").headers["ETag"]
    for _ in range(20):  # the daemon may turn in between
        answer = get(centre, "/v1/agents", If_None_Match=etag)
        if answer.status == 304:
            break
        etag = answer.headers["ETag"]
    assert answer.status == 304 and answer.body == b""
    centre.pbx_of_test.call("agent.ready", agent="bob")
    answer = get(centre, "/v1/agents", If_None_Match=etag)
    assert answer.status == 200 and answer.headers["ETag"] != etag


def test_calls_come_in_pages(daemon):
    pbx = daemon.pbx()
    for n in range(25):
        pbx.call("call.arrive", call_id=f"c{n}", queue="sales")
    seen, after = [], ""
    while after is not None:
        page = state(daemon, f"/v1/calls?limit=10{after and '&after=' + after}")
        seen += [call["call_id"] for call in page["calls"]]
        after = page["next"]
    assert sorted(seen) == sorted(f"c{n}" for n in range(25))


# --- who may, and what goes wrong ---


@pytest.fixture
def guarded(make_daemon, redis_server):
    """Bound to every address, so nothing is trusted for where it comes from."""
    daemon = make_daemon(redis=redis_server, more="""
clients = (
    { name = "*"; role = "observer"; token = "look"; },
    { name = "*"; role = "supervisor"; token = "boss"; pii = true; },
    { name = "*"; role = "pbx"; token = "switch"; }
);""")
    text = daemon.config.read_text()
    daemon.config.write_text(text.replace(f'"127.0.0.1:{daemon.http_port}"',
                                          f'"0.0.0.0:{daemon.http_port}"'))
    return daemon.start()


def test_off_loopback_nothing_but_health_answers_without_a_token(guarded):
    assert get(guarded, "/healthz").status == 200
    for path in "/metrics", "/readyz", "/v1/queues", "/v1/queues/sales", "/v1/agents", "/v1/calls":
        answer = get(guarded, path)
        assert answer.status == 401, path
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="najimi"'
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert get(guarded, path, Authorization="Bearer wrong").status == 401
        assert get(guarded, path, Authorization="Bearer switch").status == 403
        assert get(guarded, path, Authorization="Bearer look").status == 200


def test_only_a_client_with_pii_sees_numbers(guarded):
    with guarded.client() as pbx:
        pbx.open("pbx-a", token="switch")
        pbx.call("call.arrive", call_id="c1", queue="sales", **CALLER)
        look = get(guarded, "/v1/calls", Authorization="Bearer look").body.decode()
        boss = get(guarded, "/v1/calls", Authorization="Bearer boss").body.decode()
    assert "0312345678" not in look
    assert "0312345678" in boss


def test_tokens_follow_a_reload(guarded):
    guarded.config.write_text(guarded.config.read_text().replace('"look"', '"glance"'))
    guarded.reload()
    assert get(guarded, "/metrics", Authorization="Bearer look").status == 401
    assert get(guarded, "/metrics", Authorization="Bearer glance").status == 200


def test_what_is_not_there_and_what_is_not_allowed(daemon):
    for path in "/nothing", "/v1", "/v1/", "/metrics/", "/v1/queues/nobody", "/../etc/passwd", "/%00":
        answer = get(daemon, path)
        assert answer.status == 404, path
        assert json.loads(answer.body)["status"] == 404
    for method in "POST", "PUT", "DELETE", "PATCH", "OPTIONS":
        answer = get(daemon, "/metrics", method=method)
        assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD", method


def test_head_says_how_long_it_would_be(daemon):
    answer = get(daemon, "/healthz", method="HEAD")
    assert answer.status == 200 and answer.body == b"" and answer.headers["Content-Length"] == "3"


def test_a_dawdling_request_is_cut_off_and_others_are_served(daemon):
    with socket.create_connection(("127.0.0.1", daemon.http_port)) as slow:
        begun = time.monotonic()
        slow.settimeout(1)
        while time.monotonic() < begun + PATIENCE:
            try:
                slow.sendall(b"G" if time.monotonic() < begun + 0.5 else b"X")
                if slow.recv(1) == b"":
                    break
            except TimeoutError:
                assert get(daemon, "/healthz").status == 200
            except OSError:
                break
        assert 8 < time.monotonic() - begun < 30


def test_half_requests_and_garbage_harm_nobody_else(daemon):
    held = []
    for bytes_sent in b"GET /", b"GET /metrics HTTP/1.1\r\nHost:", b"\x16\x03\x01\x02\x00", b"{}", b"":
        connection = socket.create_connection(("127.0.0.1", daemon.http_port))
        connection.sendall(bytes_sent)
        held.append(connection)
    assert get(daemon, "/healthz").status == 200
    for connection in held:
        connection.close()
    wait_until("they are forgotten", lambda: sample(daemon, "najimi_http_connections") <= 2)


def test_a_reader_who_does_not_read_is_let_go(daemon):
    """Answers that nobody takes stay bounded: one is made, the next waits for it."""
    with socket.create_connection(("127.0.0.1", daemon.http_port)) as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        for _ in range(10):
            assert get(daemon, "/healthz").status == 200
