"""Handling time, talk, hold and wrap-up, in what is told of stickiness' effect: whoever leaves,
logs out or is killed while somebody wraps up, each contact counts once."""
import json
import time
import urllib.error
import urllib.request

from daemon import wait_until

P = "najimi:{main}:"
SLOW = {"queue": 'wrapup = "10m"; sticky = { min_talk = "0s"; };', "fcr": 'reconnect = "0s";'}
HALF = 0.5  # seconds of wrap-up


def fetch(daemon, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.http_port}{path}") as answer:
        return answer.read().decode()


def metrics(daemon):
    try:
        return fetch(daemon, "/metrics")
    except urllib.error.URLError:
        return ""


def login(pbx, agent="alice"):
    pbx.call("agent.login", agent=agent, target=agent, queues=["sales"], state="ready")


def talk(pbx, call, customer="a"):
    """A caller talks with an agent, who then wraps up."""
    decision = pbx.call("call.arrive", call_id=call, queue="sales", customer_id=customer)
    pbx.call("call.answered", call_id=call, offer=decision["offer"])
    time.sleep(0.002)
    pbx.call("call.ended", call_id=call, by="caller")
    time.sleep(0.002)
    return decision["agent"]


def open_centre(make_daemon, redis_server, name="daemon", options=SLOW):
    """A daemon, its Redis, a telephony system, and alice, who is ready and alone."""
    daemon = make_daemon(name, redis=redis_server, options=options).start()
    pbx = daemon.pbx()
    login(pbx)
    return daemon, redis_server.client(), pbx


def talk_twice(pbx):
    """For the first time a caller is in no group; alice wraps up the second talk."""
    talk(pbx, "c1")
    pbx.call("agent.ready", agent="alice")
    talk(pbx, "c2")


def wraps_up(redis, agent="alice"):
    """What stands in Redis of the contact that waits for the agent."""
    return json.loads(redis.hget(P + "agents", agent)).get("wraps_up")


def handled(daemon, redis):
    """By group and window: how many contacts, and the sum of their handling in seconds; in /v1/fcr, in
    /v1/stats and in the metrics, which agree."""
    wait_until("the sweep", lambda: not redis.exists(P + "maturing:news"))
    uplift = json.loads(fetch(daemon, "/v1/fcr?by=group"))["uplift"]["handling"]["sticky"]
    (row,) = json.loads(fetch(daemon, "/v1/stats"))["rows"]
    sums = row["groups"]["sticky"]
    lines = fetch(daemon, "/metrics").splitlines()
    assert f'najimi_group_handled_total{{queue="sales",group="sticky"}} {sums["handled"]}' in lines
    assert uplift["count"] == sums["handled"]
    seconds = sums["handling_ms"] / 1000
    if uplift["count"]:
        assert abs(uplift["mean_ms"] / 1000 * uplift["count"] - seconds) <= 0.06 * uplift["count"]  # tenths
    return uplift["count"], seconds


def test_a_contact_counts_when_its_agent_has_wrapped_up(make_daemon, redis_server):
    daemon, redis, pbx = open_centre(make_daemon, redis_server)
    talk(pbx, "c1")  # for the first time: in no group
    assert wraps_up(redis) is None
    pbx.call("agent.ready", agent="alice")
    talk(pbx, "c2")
    contact = json.loads(redis.xrevrange(P + "contacts", count=1)[0][1]["contact"])
    found = wraps_up(redis)
    assert found["contact"] == contact["contact"] and found["queue"] == "sales" and found["group"] == "sticky"
    assert found["spent_us"] // 1000 == contact["talk_ms"]
    assert handled(daemon, redis) == (0, 0)
    time.sleep(HALF)
    pbx.call("agent.ready", agent="alice")
    count, seconds = handled(daemon, redis)
    assert count == 1 and seconds >= HALF and wraps_up(redis) is None
    # The next caller is taken instead of a wrap-up, and an agent who is to leave has none.
    talk(pbx, "c3")
    pbx.call("call.arrive", call_id="c4", queue="sales", customer_id="b")
    pbx.call("agent.ready", agent="alice")
    assert handled(daemon, redis)[0] == 2
    pbx.call("call.ended", call_id="c4", by="caller")
    decision = pbx.call("call.arrive", call_id="c5", queue="sales", customer_id="a")
    pbx.call("call.answered", call_id="c5", offer=decision["offer"])
    pbx.call("agent.logout", agent="alice")
    pbx.call("call.ended", call_id="c5", by="caller")
    assert handled(daemon, redis)[0] == 3 and wraps_up(redis) is None


def test_who_logs_out_while_wrapping_up_has_wrapped_up(make_daemon, redis_server):
    daemon, redis, pbx = open_centre(make_daemon, redis_server)
    talk_twice(pbx)
    time.sleep(HALF)
    pbx.call("agent.logout", agent="alice")
    count, seconds = handled(daemon, redis)
    assert count == 1 and seconds >= HALF and wraps_up(redis) is None


def test_a_restart_in_a_wrapup_loses_no_contact_and_counts_none_twice(make_daemon, redis_server):
    daemon, redis, pbx = open_centre(make_daemon, redis_server)
    talk(pbx, "c1")
    pbx.call("agent.ready", agent="alice")
    for number in range(4):
        talk(pbx, f"r{number}")
        began = time.monotonic()
        if number % 2 == 0:
            daemon.kill()
        else:
            assert daemon.stop() == 0
        daemon.start()
        pbx = daemon.pbx()
        assert pbx.call("agent.get", agent="alice")["state"] == "wrapup"
        assert handled(daemon, redis)[0] == number and wraps_up(redis) is not None
        before = handled(daemon, redis)[1]
        least = time.monotonic() - began
        pbx.call("agent.ready", agent="alice")
        count, seconds = handled(daemon, redis)
        assert count == number + 1 and seconds - before >= least - 0.1
        daemon.kill()  # right after: it is not counted again
        daemon.start()
        assert handled(daemon, redis) == (count, seconds)
        pbx = daemon.pbx()


def test_a_wrapup_that_ended_while_nobody_led_is_no_longer_than_it_was_to_be(make_daemon, redis_server):
    options = {**SLOW, "queue": 'wrapup = "1s"; sticky = { min_talk = "0s"; };'}
    daemon, redis, pbx = open_centre(make_daemon, redis_server, options=options)
    talk_twice(pbx)
    daemon.kill()
    time.sleep(4)
    daemon.start()
    pbx = daemon.pbx()
    wait_until("alice is ready", lambda: pbx.call("agent.get", agent="alice")["state"] == "ready")
    wait_until("it counts", lambda: handled(daemon, redis)[0] == 1)
    assert 1 <= handled(daemon, redis)[1] < 3  # talk and wrap-up: not until somebody led


def test_whoever_takes_over_finishes_what_the_other_daemon_began(make_daemon, redis_server):
    first, redis, pbx = open_centre(make_daemon, redis_server, "first")
    talk_twice(pbx)
    second = make_daemon("second", redis=redis_server, options=SLOW).start(wait=False)
    wait_until("it stands by", lambda: "najimi_leader 0" in metrics(second))
    first.kill()
    second.wait_log("daemon.ready")
    pbx = second.pbx()
    assert handled(second, redis)[0] == 0
    pbx.call("agent.ready", agent="alice")
    assert handled(second, redis)[0] == 1


def test_a_transferred_contact_has_the_wrapups_of_all_who_had_it(make_daemon, redis_server):
    daemon, redis, pbx = open_centre(make_daemon, redis_server)
    talk(pbx, "c1")
    pbx.call("agent.ready", agent="alice")
    decision = pbx.call("call.arrive", call_id="c2", queue="sales", customer_id="a")
    pbx.call("call.answered", call_id="c2", offer=decision["offer"])
    login(pbx, "bob")
    decision = pbx.call("call.transfer", call_id="c2", to_agent="bob", kind="blind")
    time.sleep(HALF)
    pbx.call("agent.ready", agent="alice")
    assert json.loads(redis.hvals(P + "calls")[0])["wrapup_spent_us"] >= HALF * 1_000_000
    daemon.kill()
    daemon.start()
    pbx = daemon.pbx()
    pbx.call("call.sync", calls=[{"call_id": "c2", "state": "offered", "agent": "bob"}])
    pbx.call("call.answered", call_id="c2", offer=decision["offer"])
    pbx.call("call.ended", call_id="c2", by="caller")
    assert handled(daemon, redis)[0] == 0
    time.sleep(HALF)
    pbx.call("agent.ready", agent="bob")
    count, seconds = handled(daemon, redis)
    assert count == 1 and seconds >= 2 * HALF
