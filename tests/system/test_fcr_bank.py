"""First contact resolution of a bank's two months: what the daemon says, and what an independent program finds in the
stream of contacts."""
import datetime
import json
import os
import pathlib
import random
import time

import pytest

from daemon import Daemon, free_port, wait_until
from fcr_functions import BASE, Contact, Functions
from fcr_recount import SCOPES, WINDOWS, read_stream, recount
from test_fcr import fcr
from test_fcr_functions import play
from test_replay import run

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DAYS = 59
PRESENT = 3  # days between the last call and now: some windows have passed, others have not
NIGHT = 4 * 3600  # nobody called at this time: no window ends while we look


@pytest.fixture(scope="module")
def bank():
    folder = pathlib.Path(os.environ.get("NAJIMI_DATA", SOURCE.parent / "shared" / "data"))
    calls = folder / "bank_1999_01_02_calls.csv"
    if not calls.exists():
        pytest.skip(f"no bank's calls at {calls}; NAJIMI_DATA says where they are")
    return calls


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")


def instant(ms):
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def talks(calls, first):
    """The bank's calls, as if everybody had waited for half a minute. A third have a reason."""
    contacts = []
    for line in calls.read_text().splitlines()[1:]:
        _, arrive, customer, queue, service, _, _ = line.split(",")
        arrived = first + int(arrive) * 1000
        contacts.append(Contact(f"cid:{customer}" if customer else "", arrived, arrived + 30_000 + int(float(service)) * 1000,
                                queue=queue, agent=f"a{len(contacts) % 27}", counts=float(service) >= 15,
                                reason=("", "", "bill")[len(contacts) % 3]))
    return sorted(contacts, key=lambda contact: contact.ended)


def record(contact):
    """As the daemon writes it: najimi-redis(7)."""
    return {"v": 1, "contact": contact.id, "client": "pbx", "call": contact.id, "outcome": "answered", "by": "caller",
            "queue": contact.queue, "first_queue": contact.queue, "arrived_at": instant(contact.arrived),
            "answered_at": instant(contact.arrived + 30_000), "ended_at": instant(contact.ended), "wait_ms": 30_000,
            "talk_ms": contact.ended - contact.arrived - 30_000, "agent": contact.agent, "credited": contact.agent,
            "legs": 1, "offers": 1, "sticky": "new",
            **({"reason": contact.reason} if contact.reason else {}), **({"key": contact.key} if contact.key else {})}


class Stream(Functions):
    """Commits as the daemon makes them: the contact for the stream, and the news of it."""

    entries = ()

    def follow(self, contact, **more):
        self.entries = (*self.entries, ["XADD", BASE + "contacts", "*", "contact", json.dumps(record(contact))])
        return super().follow(contact, **more)

    def commit(self, *operations):
        super().commit(*self.entries, *operations)
        self.entries = ()


def same(row, mine, when):
    """A row of /v1/fcr and the recount of the same."""
    assert row["contacts"] == mine["contacts"], when
    for window in WINDOWS:
        for scope in SCOPES:
            counted, told = mine[window][scope], row["fcr"][window][scope]
            provisional = told["provisional"]
            assert (provisional["eligible"], provisional["open"]) == (mine["contacts"], counted["open"]), (when, window, scope)
            assert provisional["resolved"] == counted["resolved"] + counted["open"], (when, window, scope)
            if counted["open"] == 0 and "final" in told and told["final"]["eligible"] == mine["contacts"]:
                assert told["final"]["resolved"] == counted["resolved"], (when, window, scope)
                assert told["final"]["fcr"] == pytest.approx(counted["resolved"] / mine["contacts"], abs=1e-4)


def test_two_months_are_those_that_the_stream_tells(bank, make_daemon, redis_server):
    first = (int(time.time()) - NIGHT - (DAYS + PRESENT) * 86400) * 1000
    functions = Stream(redis_server.client())
    play(functions, talks(bank, first), random.Random(9), most=400)
    functions.redis.hset(BASE + "lease", "until", "0")
    daemon = make_daemon(redis=redis_server, queues="queues = ( " + ", ".join(
        f'{{ name = "{name}"; }}' for name in ("PS", "TT", "PE", "NW", "NE", "IN")) + " );").start()
    client = redis_server.client()
    # The daemon goes on where the sweeps ended.
    wait_until("all is counted that is due", lambda: not client.exists(BASE + "maturing:news") and all(
        client.zcount(BASE + "maturing:" + window, 0, (time.time() - 400) * 1000) == 0 for window in WINDOWS), timeout=300)
    contacts = list(read_stream(client))
    assert len(contacts) == 61286
    span = {"from": instant(first)[:10]}
    days, reconnects = recount(contacts, time.time() * 1000)
    rows = {row["day"]: row for row in fcr(daemon, by="day", **span)["rows"]}
    assert set(rows) == set(days) and len(days) > 40
    for day, mine in days.items():
        same(rows[day], mine, day)
        assert rows[day]["reconnects"] == reconnects[day]
    # A day and a week have passed since these, a month has not since all.
    assert all(row["fcr"]["24h"]["any"]["final"]["eligible"] == row["contacts"] for row in rows.values())
    assert {row["fcr"]["30d"]["any"]["final"]["eligible"] > 0 for row in rows.values()} == {True, False}
    for by in "queue", "agent", "reason":
        mine, _ = recount(contacts, time.time() * 1000, by)
        told = {row[by]: row for row in fcr(daemon, by=by, **span)["rows"]}
        assert set(told) == set(mine)
        for name, row in told.items():
            same(row, mine[name], name)
    total = fcr(daemon, by="day", **span)["total"]["fcr"]["24h"]["any"]["final"]
    assert total["fcr"] == pytest.approx(sum(day["24h"]["any"]["resolved"] for day in days.values())
                                         / sum(day["contacts"] for day in days.values()), abs=1e-4)
    assert 0.6 < total["fcr"] < 0.8  # a third of the bank's identified calls follow another within a day


def test_two_days_through_the_daemon_are_those_that_its_stream_tells(bank, program, tools, redis_server, tmp_path):
    """Callers, agents and the daemon as they are, some thousand times as fast: days pass in seconds."""
    address = f"127.0.0.1:{free_port()}"
    play_days = ("--through", address, "--speed", 6000, "--policy", "fixed:20+own_first", "--from-day", 14, "--days", 2, bank)
    daemon = Daemon(program, tmp_path / "daemon", redis=redis_server)
    printed = run(tools / "najimi-replay", "--print-config", *play_days)
    assert printed.returncode == 0, printed.stderr
    daemon.config.write_text(printed.stdout.replace('listen = "";', f'listen = "127.0.0.1:{daemon.http_port}";')
                             + f'redis = {{ mode = "unix"; socket = "{redis_server.socket}"; }};\n'
                             'fcr = { reconnect = "20ms"; };\n')
    daemon.start()
    try:
        done = run(tools / "najimi-replay", *play_days)
        assert done.returncode == 0, done.stderr
        client, base = redis_server.client(), "najimi:{replay}:"
        wait_until("the sweep", lambda: not client.exists(base + "maturing:news"))
        contacts = list(read_stream(client, "replay"))
        assert len(contacts) > 1000
        for by in "day", "queue", "agent", "sticky":
            member = "credited" if by == "agent" else by
            mine, reconnects = recount(contacts, time.time() * 1000, member, min_talk=0, reconnect=20)
            told = {row[by]: row for row in fcr(daemon, by=by, **{"from": min(day[:10] for day in (
                contact["ended_at"] for contact in contacts))})["rows"]}
            assert set(told) == set(mine), by
            for name, row in told.items():
                same(row, mine[name], name)
        assert sum(row["reconnects"] for row in told.values()) == sum(reconnects.values()) > 0
        assert sum(row["24h"]["any"]["repeated"] for row in mine.values()) > 100
    finally:
        assert daemon.stop() == 0
