"""The daemon is stopped or killed at any instant, and nothing anyone was told is lost."""
import json
import random
import threading
import time

import pytest

from daemon import PATIENCE, wait_until
from native_client import Client, Disconnected, RpcError


def state_of(client):
    return {call["call_id"]: call for call in client.call("call.list")["calls"]}


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_restart_in_mid_call_keeps_places_clocks_offers_and_wrapup(make_daemon, redis_server, end):
    daemon = make_daemon(redis=redis_server, options={"queue": 'wrapup = "60s";'}).start()
    pbx = daemon.pbx()
    for agent in ("alice", "bob", "carol"):
        pbx.call("agent.login", agent=agent, target=agent, queues=["sales"], state="ready")
    pbx.call("agent.login", agent="dave", target="dave", queues=["sales"], state="paused")
    pbx.call("agent.pause", agent="dave", reason="lunch")
    for n in range(1, 7):
        pbx.call("call.arrive", call_id=f"c{n}", queue="sales", **{"from": f"03123456{n:02}"})
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.ended", call_id="c1", by="caller")   # alice wraps up
    pbx.call("call.answered", call_id="c2", offer=1)    # bob talks
    before, agents = state_of(pbx), pbx.call("agent.list")["agents"]
    getattr(daemon, end)()
    daemon.start()
    pbx = daemon.pbx()
    after = state_of(pbx)
    assert set(after) == set(before) == {"c2", "c3", "c4", "c5", "c6"}
    for call_id, call in before.items():
        for member in ("state", "queue", "arrived_at", "offer", "agent"):
            assert after[call_id].get(member) == call.get(member), (call_id, member)
    again = {agent["agent"]: agent for agent in pbx.call("agent.list")["agents"]}
    for agent in agents:
        for member in ("state", "until", "reason"):
            assert again[agent["agent"]].get(member) == agent.get(member), (agent, member)
    # The offer that was out is still good, the next in line is still the next.
    pbx.call("call.answered", call_id="c3", offer=before["c3"]["offer"])
    pbx.call("agent.ready", agent="alice")
    assert pbx.call("call.wait", call_id="c4", wait_ms=20000)["agent"] == "alice"
    assert pbx.call("call.ended", call_id="c1", by="caller")["outcome"] == "answered"


class Load(threading.Thread):
    """A telephony system that keeps calling, and notes what it was told."""

    def __init__(self, daemon, name):
        super().__init__(daemon=True)
        self.najimid, self.name_of_client = daemon, name
        self.acknowledged = {}   # call id -> the last fact that was acknowledged
        self.asked = set()       # calls whose end was asked for, acknowledged or not
        self.violations = []
        self.running = True
        self.number = 0

    def session(self):
        while self.running:
            try:
                client = Client(self.najimid.rpc_port)
                client.open(self.name_of_client)
                return client
            except (OSError, RpcError, Disconnected, TimeoutError):
                time.sleep(0.005)
        return None

    def run(self):
        while self.running:
            client = self.session()
            if client is None:
                return
            try:
                while self.running:
                    self.one_call(client)
            except (OSError, Disconnected, TimeoutError):
                continue
            except RpcError as error:
                if error.code != -32003:
                    self.violations.append(str(error))
                    return
            finally:
                client.close()

    def one_call(self, client):
        self.number += 1
        call_id = f"{self.name_of_client}-{self.number}"
        decision = client.call("call.arrive", call_id=call_id, queue="sales",
                               customer_id=f"k{self.number % 50}")
        if decision["action"] not in ("connect", "queue"):
            return   # the line is full, as it may be on a fast machine: nothing was promised
        self.acknowledged[call_id] = "arrived"
        if decision["action"] == "connect" and self.number % 3:
            client.call("call.answered", call_id=call_id, offer=decision["offer"])
            self.acknowledged[call_id] = "answered"
        if self.number % 4:
            self.asked.add(call_id)
            client.call("call.ended", call_id=call_id, by="caller")
            self.acknowledged[call_id] = "ended"


def all_calls(client):
    """Every live call, page by page."""
    live, page = {}, {"next": None}
    while page is not None:
        page = client.call("call.list", **({"after": page["next"]} if page["next"] is not None else {}))
        live.update((call["call_id"], call) for call in page["calls"])
        page = page if page.get("next") is not None else None
    return live


def check_after_kill(client, loads):
    """Every acknowledged fact is there; no agent has two calls, no call two agents."""
    live = all_calls(client)
    agents = [call["agent"] for call in live.values() if call.get("agent")]
    assert len(agents) == len(set(agents)), agents
    for load in loads:
        for call_id, fact in load.acknowledged.items():
            if fact == "ended":
                assert call_id not in live, f"{call_id} was ended and lives again"
            elif call_id in live:
                if fact == "answered":
                    assert live[call_id]["state"] in ("talking", "held"), live[call_id]
            else:
                # The request that ended it may have been committed and not answered.
                assert call_id in load.asked, (call_id, fact)


@pytest.mark.parametrize("kills", [25])
def test_killed_at_random_instants_under_load(make_daemon, redis_server, kills):
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; waiting_max = 5000; sticky = { min_talk = "0s"; };',
        "rpc": 'orphan_max = "10m";', "log": 'level = "info";'}).start()
    desk = daemon.pbx("desk")
    for n in range(20):
        desk.call("agent.login", agent=f"a{n}", target=f"a{n}", queues=["sales"], state="ready")
    chance = random.Random(7)
    loads = [Load(daemon, f"pbx-{n}") for n in range(4)]
    for load in loads:
        load.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.02, 0.25))
        daemon.kill()
        daemon.start()
    for load in loads:
        load.running = False
    for load in loads:
        load.join(timeout=PATIENCE)
        assert not load.is_alive()
        assert load.violations == []
    with daemon.pbx("desk") as desk:
        check_after_kill(desk, loads)
    total = sum(len(load.acknowledged) for load in loads)
    assert total > kills * 4, "the load did not get anywhere"
    # Each contact was written once, whatever was killed when.
    stream = redis_server.client().xrange("najimi:{main}:contacts")
    contacts = [json.loads(fields["contact"]) for _, fields in stream]
    calls = [(contact["client"], contact["call"]) for contact in contacts]
    assert len(calls) == len(set(calls))
    ended = {c for load in loads for c, fact in load.acknowledged.items() if fact == "ended"}
    assert ended <= {call for _, call in calls}


def test_redis_killed_and_back_under_way(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, options={"queue": 'wrapup = "0s";'}).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    pbx.call("call.arrive", call_id="c1", queue="sales", customer_id="k1")
    pbx.call("call.arrive", call_id="c2", queue="sales", customer_id="k2")
    redis_server.kill()
    # Decisions go on.
    pbx.call("call.answered", call_id="c1", offer=1)
    assert pbx.call("call.ended", call_id="c1", by="caller")["outcome"] == "answered"
    decision = pbx.call("call.wait", call_id="c2", wait_ms=20000)
    assert decision["action"] == "connect"
    pbx.call("call.arrive", call_id="c3", queue="sales", customer_id="k3")
    daemon.wait_log("redis.lost")
    redis_server.start()
    daemon.wait_log("store.rewritten")
    client = redis_server.client()

    def equal():
        return client.hlen("najimi:{main}:calls") == 2 and client.xlen("najimi:{main}:contacts") == 1
    wait_until("Redis equals memory", equal)
    daemon.kill()
    daemon.start()
    assert set(state_of(daemon.pbx())) == {"c2", "c3"}


def test_waits_for_redis_at_start_and_says_so(make_daemon, redis_server):
    redis_server.stop()
    daemon = make_daemon(redis=redis_server).start(wait=False)
    daemon.wait_log("redis.waiting")
    with Client(daemon.rpc_port) as client:
        with pytest.raises(RpcError) as error:
            client.open("pbx-a")
            client.call("call.arrive", call_id="c1", queue="sales")
        assert error.value.code == -32003 and error.value.data["retry_after_ms"] > 0
    redis_server.start()
    daemon.wait_log("daemon.ready")
    daemon.pbx().call("ping")
