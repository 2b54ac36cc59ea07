"""Every JSON under /v1/ says as of when it is, and is not told twice."""
import json
import pathlib
import re
import urllib.parse

import pytest

from daemon import wait_until
from test_http import get
from test_whatif import played, site, stream  # noqa: F401 (fixtures)
from test_whatif import clientele  # noqa: F401

SERVER = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "http" / "http.c"
KEY = "tel:+81312345678"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
BOSS = {"Authorization": "Bearer boss"}
CLIENTS = """
clients = (
    { name = "pbx-a"; role = "pbx"; token = "pbx"; },
    { name = "boss"; role = "supervisor"; token = "boss"; pii = true; }
);
"""

# Where the daemon serves it: what to ask for, and what is in the answer.
ADDRESSES = {
    "/v1/queues": ("/v1/queues", "queues"),
    "/v1/queues/": ("/v1/queues/sales", "queue"),
    "/v1/agents": ("/v1/agents", "agents"),
    "/v1/agents/": ("/v1/agents/bob/day", "contacts"),
    "/v1/callers/": ("/v1/callers/" + urllib.parse.quote(KEY), "contacts"),
    "/v1/calls": ("/v1/calls", "calls"),
    "/v1/stats": ("/v1/stats", "rows"),
    "/v1/fcr": ("/v1/fcr", "rows"),
    "/v1/wallboard": ("/v1/wallboard", "whole"),
}
ELSEWHERE = {"/v1/whatif", "/v1/events", "/v1/route"}  # below; no JSON; test_http_route.py


@pytest.fixture
def centre(make_daemon, redis_server):
    """A centre at rest: alice talks, bob has gone home, and nobody waits. Its time is one for
    which a day has just begun."""
    daemon = make_daemon(redis=redis_server, more=CLIENTS,
                         options={"queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'}).start()
    pbx = daemon.pbx("pbx-a", token="pbx")
    for agent in "alice", "bob":
        pbx.call("agent.login", agent=agent, queues=["sales"], state="ready")
    pbx.call("agent.logout", agent="bob")
    for call in "c1", "c2":
        offer = pbx.call("call.arrive", call_id=call, queue="sales", **{"from": "0312345678"})["offer"]
        pbx.call("call.answered", call_id=call, offer=offer)
        if call == "c1":
            pbx.call("call.ended", call_id=call, by="caller")
    daemon.pbx_of_test = pbx
    return daemon


def ask(daemon, path, **headers):
    answer = get(daemon, path, **BOSS, **headers)
    if answer.status == 304:
        assert answer.body == b"" and answer.headers["ETag"] == headers["If_None_Match"], path
    else:
        assert answer.status == 200, (path, answer.status, answer.body)
        answer.json = json.loads(answer.body)
    return answer


def check_stamp(answer):
    document, etag = json.loads(answer.body), answer.headers["ETag"]
    assert answer.headers["Content-Type"] == "application/json"
    assert list(document)[:3] == ["as_of", "epoch", "seq"]
    assert INSTANT.fullmatch(document["as_of"])
    assert re.fullmatch("[0-9a-f]{8}", document["epoch"])
    assert isinstance(document["seq"], int) and document["seq"] >= 0
    assert re.fullmatch('W/"[^", ]+"', etag)


def content(answer):
    return {name: value for name, value in answer.json.items() if name not in ("as_of", "seq")}


def test_no_address_is_left_out():
    paths = set(re.findall(r'\.path = "(/v1/[^"]*)"', SERVER.read_text()))
    assert paths == set(ADDRESSES) | ELSEWHERE


@pytest.mark.parametrize("served", ADDRESSES)
def test_it_is_stamped_and_not_told_twice(centre, served):
    path, member = ADDRESSES[served]
    first = ask(centre, path)
    check_stamp(first)
    assert first.json[member] is not None
    # What is counted may still come in behind: with the same content it is the same tag.
    second = ask(centre, path)
    assert (first.headers["ETag"] == second.headers["ETag"]) == (content(first) == content(second))
    assert second.json["as_of"] >= first.json["as_of"] and second.json["seq"] >= first.json["seq"]

    def unchanged():
        answer = ask(centre, path, If_None_Match=ask(centre, path).headers["ETag"])
        return answer if answer.status == 304 else None
    etag = wait_until("a 304", unchanged).headers["ETag"]
    # Others' tags, and none, are answered; and a HEAD is like its GET.
    assert ask(centre, path, If_None_Match='"x", W/"y"').status == 200
    wait_until("HEAD", lambda: get(centre, path, "HEAD", **BOSS).headers["ETag"]
               == ask(centre, path).headers["ETag"])
    assert get(centre, path, "HEAD", If_None_Match=etag, **BOSS).body == b""


def test_what_happened_elsewhere_makes_no_new_tag(centre):
    """The tag is of what is told, and seq goes on without it."""
    wait_until("agents' rest", lambda: ask(centre, "/v1/agents", If_None_Match=ask(
        centre, "/v1/agents").headers["ETag"]).status == 304)
    calls, agents = ask(centre, "/v1/calls"), ask(centre, "/v1/agents")
    centre.pbx_of_test.call("agent.login", agent="carol", queues=["support"], state="paused")
    assert ask(centre, "/v1/calls", If_None_Match=calls.headers["ETag"]).status == 304
    changed = ask(centre, "/v1/agents", If_None_Match=agents.headers["ETag"])
    assert changed.status == 200 and changed.headers["ETag"] != agents.headers["ETag"]
    assert changed.json["seq"] > agents.json["seq"] and changed.json["epoch"] == agents.json["epoch"]


def test_who_waits_is_told_of_with_every_answer(centre):
    """A wait that grows is content, not the same again."""
    centre.pbx_of_test.call("call.arrive", call_id="c3", queue="sales")
    first = ask(centre, "/v1/queues/sales")
    assert first.json["waiting"] == 1

    def longer():
        answer = ask(centre, "/v1/queues/sales", If_None_Match=first.headers["ETag"])
        return answer.status == 200 and answer
    assert wait_until("a longer wait", longer).json["oldest_wait_ms"] > first.json["oldest_wait_ms"]


def test_after_a_restart_nothing_is_what_it_was(centre):
    """The epoch is another, and who keeps an answer keeps its epoch."""
    calls = ask(centre, "/v1/calls")
    assert centre.stop() == 0
    centre.start()
    anew = ask(centre, "/v1/calls", If_None_Match=calls.headers["ETag"])
    assert anew.status == 200 and anew.json["epoch"] != calls.json["epoch"]


def test_what_is_wrong_has_no_stamp(centre):
    for path, status in (("/v1/queues/nowhere", 404), ("/v1/agents/nobody/day", 404),
                         ("/v1/callers/tel:+819", 404), ("/v1/stats?by=hair", 400), ("/v1/calls?limit=0", 400)):
        answer = get(centre, path, If_None_Match="*", **BOSS)
        assert answer.status == status, path
        assert answer.headers["ETag"] is None and "epoch" not in json.loads(answer.body), path


def test_whatif_speaks_of_when_it_was_played(site):  # noqa: F811
    path = "/v1/whatif?since=15d&value=60"
    begun = get(site, path, If_None_Match="*")
    assert begun.status == 202  # which is no answer to keep
    check_stamp(begun)
    first, _ = played(site, path)
    check_stamp(first)
    again = get(site, path)
    assert again.body == first.body and again.headers["ETag"] == first.headers["ETag"]
    assert get(site, path, If_None_Match=first.headers["ETag"]).status == 304
