"""What stands in Redis, as najimi-redis(7) says it, and the ways of reaching it."""
import json
import os

import pytest
import redis as library

from daemon import PATIENCE, free_port, wait_until
from redis_server import RedisServer

P = "najimi:{main}:"


def one_contact(daemon, **caller):
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    decision = pbx.call("call.arrive", call_id="c1", queue="sales", **caller)
    pbx.call("call.answered", call_id="c1", offer=decision["offer"])
    pbx.call("call.ended", call_id="c1", by="caller")
    return pbx


QUICK = {"queue": 'sticky = { min_talk = "0s"; };'}


def test_live_state_memory_and_contact_are_where_the_manual_says(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    pbx.call("call.arrive", call_id="c1", queue="sales", customer_id="k-17", **{"from": "0312345678"})
    assert redis.hlen(P + "calls") == 1
    record = json.loads(redis.hvals(P + "calls")[0])
    assert record["call"] == "c1" and record["agent"] == "alice" and record["v"] == 1
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.ended", call_id="c1", by="caller")
    assert redis.hlen(P + "calls") == 0
    memory = redis.hgetall(P + "caller:cid:k-17")
    assert json.loads(memory["agent:alice"])["queue"] == "sales"
    assert 0 < redis.pttl(P + "caller:cid:k-17")
    ((_, entry),) = redis.xrange(P + "contacts")
    contact = json.loads(entry["contact"])
    assert contact["call"] == "c1" and contact["outcome"] == "answered" and contact["agent"] == "alice"
    assert memory["last_contact"] == contact["contact"]
    assert json.loads(redis.hget(P + "agents", "alice"))["state"] == "wrapup"
    assert int(redis.hget(P + "lease", "epoch")) >= 1


def test_what_a_crm_wrote_survives_and_is_told(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    redis = redis_server.client()
    redis.hset(P + "caller:cid:k-17", mapping={"name": "Taro", "our_own_field": "42"})
    pbx = one_contact(daemon, customer_id="k-17")
    assert redis.hget(P + "caller:cid:k-17", "our_own_field") == "42"
    story = pbx.call("caller.get", customer_id="k-17")
    assert story["name"] == "Taro" and story["agents"][0]["agent"] == "alice"


def test_consumer_group_reads_contacts_once(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    one_contact(daemon, customer_id="k-17")
    redis = redis_server.client()
    redis.xgroup_create(P + "contacts", "bi", id="0")
    ((_, entries),) = redis.xreadgroup("bi", "reader", {P + "contacts": ">"})
    assert len(entries) == 1 and redis.xack(P + "contacts", "bi", entries[0][0]) == 1
    assert redis.xreadgroup("bi", "reader", {P + "contacts": ">"}) == []


def test_stick_false_takes_the_agent_out_of_the_memory(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options=QUICK).start()
    pbx = one_contact(daemon, customer_id="k-17")
    redis = redis_server.client()
    assert redis.hexists(P + "caller:cid:k-17", "agent:alice")
    pbx.call("agent.disposition", agent="alice", call_id="c1", outcome="resolved", stick=False)
    wait_until("forgotten", lambda: not redis.hexists(P + "caller:cid:k-17", "agent:alice"))
    last = json.loads(redis.xrange(P + "contacts")[-1][1]["disposition"])
    assert last["outcome"] == "resolved" and last["stick"] is False


def test_tcp_password_user_database_and_prefix(make_daemon, tmp_path):
    port = free_port()
    rights = tmp_path / "users.acl"
    rights.write_text("user router on >secret ~acme:* &* +@all -@dangerous +function +info\nuser default off\n")
    server = RedisServer(tmp_path / "tcp", "--port", str(port), "--aclfile", str(rights)).start()
    try:
        daemon = make_daemon(redis=server, options={
            "redis": f'mode = "tcp"; address = "127.0.0.1:{port}"; user = "router"; '
                     f'password = "secret"; database = 3; prefix = "acme";',
            "queue": 'sticky = { min_talk = "0s"; };'})
        text = daemon.config.read_text().replace('mode = "unix"; ', "")
        daemon.config.write_text(text)
        daemon.start()
        one_contact(daemon, customer_id="k-17")
        admin = server.client(username="router", password="secret", db=3)
        assert admin.xlen("acme:{main}:contacts") == 1
        daemon.stop()
    finally:
        server.stop()


def test_wrong_password_is_named_in_the_log(make_daemon, tmp_path):
    server = RedisServer(tmp_path / "locked", "--requirepass", "right").start()
    try:
        daemon = make_daemon(redis=server, options={"redis": 'password = "hunter2";'}).start(wait=False)
        daemon.wait_log("redis.waiting")
        wait_until("reason", lambda: "WRONGPASS" in daemon.log_text() or "invalid" in daemon.log_text())
        assert "hunter2" not in daemon.log_text(), "the password is not for the log"
    finally:
        server.stop()


def test_embedded_redis_is_started_minded_and_ended(make_daemon):
    daemon = make_daemon().start()
    assert "<4>" not in daemon.log_text(), "a start like any other warns of nothing"
    pbx = daemon.pbx()
    pbx.call("call.arrive", call_id="c1", queue="sales")
    socket = str(daemon.folder / "redis.sock")
    client = library.Redis(unix_socket_path=socket, decode_responses=True)
    first = client.info("server")["process_id"]
    os.kill(first, 9)
    daemon.wait_log("store.rewritten")
    second = library.Redis(unix_socket_path=socket, decode_responses=True).info("server")["process_id"]
    assert second != first
    assert pbx.call("call.wait", call_id="c1", wait_ms=0)["action"] == "queue"
    assert daemon.stop() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    daemon.start()
    assert [c["call_id"] for c in daemon.pbx().call("call.list")["calls"]] == ["c1"]


def test_shared_number_is_noticed(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'}).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    for n in range(3):
        decision = pbx.call("call.arrive", call_id=f"c{n}", queue="sales", customer_id=f"k{n}",
                            **{"from": "0312345678"})
        pbx.call("call.answered", call_id=f"c{n}", offer=decision["offer"])
        pbx.call("call.ended", call_id=f"c{n}", by="caller")
    decision = pbx.call("call.arrive", call_id="c9", queue="sales", **{"from": "0312345678"})
    assert decision["sticky"]["result"] == "new"
    redis = redis_server.client()
    assert redis.scard(P + "alias:+81312345678") == 3


def test_redis_of_a_newer_daemon_is_refused_at_start(make_daemon, redis_server):
    redis_server.client().hset(P + "config", "v", 99)
    daemon = make_daemon(redis=redis_server).start(wait=False)
    assert daemon.process.wait(timeout=PATIENCE) == 78
    assert "99" in daemon.log_text() and "newer" in daemon.log_text()
    daemon.process = None
