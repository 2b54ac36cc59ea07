"""A changed configuration touches no caller and no agent; a bad one changes nothing."""
import subprocess

from native_client import RpcError
import pytest


def test_reload_is_a_difference(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server).start()
    pbx = daemon.pbx()
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    pbx.call("call.arrive", call_id="c1", queue="sales")
    pbx.call("call.answered", call_id="c1", offer=1)
    pbx.call("call.arrive", call_id="c2", queue="sales")
    before = [pbx.call("call.list"), pbx.call("agent.get", agent="alice")]
    daemon.queues = ('queues = ( { name = "support"; }, { name = "sales"; ring = "7s"; },'
                     '{ name = "new"; } );')
    daemon.write_config()
    daemon.reload()
    assert "reload.done" in daemon.log_text()
    after = [pbx.call("call.list"), pbx.call("agent.get", agent="alice")]
    assert [c["state"] for c in after[0]["calls"]] == [c["state"] for c in before[0]["calls"]]
    assert after[1]["since"] == before[1]["since"]
    pbx.call("call.arrive", call_id="c3", queue="new")
    pbx.call("call.ended", call_id="c1", by="caller")
    pbx.call("agent.ready", agent="alice")
    assert pbx.call("call.wait", call_id="c2", wait_ms=20000)["ring_ms"] == 7000


def test_removed_queue_takes_no_callers_and_serves_those_it_has(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server).start()
    pbx = daemon.pbx()
    pbx.call("call.arrive", call_id="c1", queue="support")
    daemon.queues = 'queues = ( { name = "sales"; } );'
    daemon.write_config()
    daemon.reload()
    assert pbx.call("call.arrive", call_id="c2", queue="support")["action"] == "reject"
    pbx.call("agent.login", agent="alice", target="a", queues=["support"], state="ready")
    assert pbx.call("call.wait", call_id="c1", wait_ms=20000)["agent"] == "alice"


def talk(pbx, call, agent, to):
    """A caller who is answered by `agent`, whom `to` says it was offered to."""
    offer = pbx.call("call.arrive", call_id=call, queue="sales", **to)
    assert offer["agent"] == agent, offer
    pbx.call("call.answered", call_id=call, offer=1)
    pbx.call("call.ended", call_id=call, by="caller")


def test_teams_and_the_policy_are_taken_over(make_daemon, redis_server):
    agents = ('agents = ( {{ name = "alice"; team = "{0}"; queues = [ "sales" ]; }},'
              '{{ name = "carol"; team = "east"; queues = [ "sales" ]; }},'
              '{{ name = "bob"; team = "north"; queues = [ "support" ]; }} );')
    queue = 'wrapup = "0s"; sticky = {{ min_talk = "0s"; policy = "{0}"; }};'
    daemon = make_daemon(redis=redis_server, more=agents.format("south"),
                         options={"queue": queue.format("fixed")}).start()
    pbx = daemon.pbx()
    returning = {"from": "+81312345678"}
    pbx.call("agent.login", agent="alice", target="a", state="ready")
    talk(pbx, "c1", "alice", returning)
    pbx.call("agent.pause", agent="alice")
    pbx.call("agent.login", agent="carol", target="c", state="ready")
    # Queues that a login brings are kept when only the team is another.
    pbx.call("agent.login", agent="bob", target="b", queues=["sales"], state="ready")
    talk(pbx, "c2", "carol", {})
    pbx.call("agent.pause", agent="carol")
    pbx.call("agent.ready", agent="carol")
    talk(pbx, "c3", "bob", {})
    pbx.call("agent.pause", agent="bob")
    pbx.call("agent.ready", agent="bob")

    # Carol is idle longer, but Bob is of Alice's team now.
    daemon.more = agents.format("north")
    daemon.write_config()
    daemon.reload()
    offer = pbx.call("call.arrive", call_id="c4", queue="sales", **returning)
    assert (offer["agent"], offer["sticky"]["result"]) == ("bob", "team"), offer
    pbx.call("call.ended", call_id="c4", by="caller")

    daemon.options["queue"] = queue.format("off")
    daemon.write_config()
    daemon.reload()
    assert "queue.changed" in daemon.log_text()
    offer = pbx.call("call.arrive", call_id="c5", queue="sales", **returning)
    assert (offer["agent"], offer["sticky"]["why"]) == ("carol", "off"), offer


def test_what_contradicts_itself_is_refused_on_reload(make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, more='tiers = ( { name = "gold"; } );').start()
    daemon.options["queue"] = 'sticky = { scope = "group"; };'
    daemon.write_config()
    daemon.reload()
    line = daemon.wait_log("reload.refused")
    assert "sticky.scope" in line and "sticky.group names none" in line, line
    daemon.options["queue"] = 'sticky = { preset = "sticky"; };'
    daemon.more = 'tiers = ( { name = "silver"; } );'
    daemon.write_config()
    daemon.reload()
    assert 'cannot lose \\"gold\\"' in daemon.log_text()
    daemon.more = 'tiers = ( { name = "gold"; value = "150%"; }, { name = "silver"; } );'
    daemon.write_config()
    daemon.reload()
    daemon.wait_log("reload.done")
    assert daemon.pbx().call("call.arrive", call_id="c1", queue="sales", tier="silver")


@pytest.mark.parametrize("broken, words", [
    ('queues = ( { name = "sales"; ring = "6h"; } );', ["ring", "6h"]),
    ('queues = ( { name = "sales"; } ', ["syntax"]),
    ('queues = ( { nam = "sales"; } );', ["nam"]),
])
def test_bad_configuration_is_refused_with_place_and_limits_and_the_old_one_stays(
        make_daemon, redis_server, program, broken, words):
    daemon = make_daemon(redis=redis_server).start()
    daemon.queues = broken
    daemon.write_config()
    daemon.reload()
    line = daemon.wait_log("reload.refused")
    assert str(daemon.config) + ":" in line, line
    for word in words:
        assert word in line, line
    daemon.pbx().call("call.arrive", call_id="c1", queue="support")
    check = subprocess.run([program, "--check", str(daemon.config)], capture_output=True, text=True)
    assert check.returncode == 78 and words[0] in check.stderr
    with pytest.raises(RpcError):
        daemon.pbx("boss", role="supervisor").call("config.reload")
