"""200 calls, twenty a second, more than the agents can take: what became of each, and when, is told
alike by SIPp, by Asterisk's event log and by our records."""
import statistics

import pytest

from asterisk import agree
from asterisk.asterisk import CREW
from asterisk.rig import asterisk, centre, telephones  # noqa: F401 fixtures
from daemon import wait_until

CALLS, RATE = 200, 20
GIVES_UP, TALK = 700, 600


def how_it_went(sipp, phone, number, first):
    """(outcome, after how long), as the telephones tell it. An agent who is called `first` may have
    answered for a caller who gives up before they meet."""
    answered = agree.first(phone, "answered", number)
    if answered is not None and not (first and agree.first(sipp, "gave_up", number)):
        return "answered", answered - agree.first(sipp, "called", number)
    how, wait = agree.wait_of(sipp, number)
    assert how == "gave_up", number
    return "abandoned", wait


@pytest.mark.parametrize("dial", ["dialplan", "daemon", "agent_first"])
def test_every_wait_and_outcome_is_told_alike(asterisk, centre, dial):  # noqa: F811
    centre.open(queue=f'short_abandon = "0s"; hold = {{ answer = false; music = ""; dial = "{dial}"; }};')
    phone = centre.telephones.phone("crew", ring=1, talk=TALK)
    for agent in CREW[:9]:
        centre.agent(agent)
    numbers = [f"0312345{number:03d}" for number in range(CALLS)]
    patient = CALLS * 3 // 4
    sipps = {number: sipp for some, rate, more in (
        (numbers[:patient], RATE * patient // CALLS, {}),
        (numbers[patient:], RATE - RATE * patient // CALLS, {"patience": GIVES_UP}))
        for sipp in [centre.call(*some, rate=rate, **more)] for number in some}
    for sipp in set(sipps.values()):
        sipp.finish()
    records = {one["number"]: one for one in centre.wait_records(CALLS)}
    assert len(records) == CALLS
    wait_until("nobody waits", lambda: centre.waiting() == 0)

    channels = {}
    for event in asterisk.events():
        channels.setdefault(event["uniqueid"], {}).setdefault(event["kind"], event["at"])
    apart = []
    for number, sipp in sipps.items():
        record = records["+81" + number[1:]]
        channel = channels[record["call"]]
        outcome, wait = how_it_went(sipp, phone, number, dial == "agent_first")
        assert (record["outcome"], "BRIDGE_ENTER" in channel) == (outcome, outcome == "answered"), record
        until = channel["BRIDGE_ENTER" if outcome == "answered" else "HANGUP"]
        waits = wait, until - channel["CHAN_START"], record["wait_ms"] / 1000
        agree.near(f"{number} waited", *waits)
        apart.append(max(waits) - min(waits))
    outcomes = [one["outcome"] for one in records.values()]
    assert outcomes.count("answered") > CALLS // 2 and outcomes.count("abandoned") > 5, outcomes
    assert statistics.median(apart) < 0.1 and statistics.quantiles(apart, n=10)[-1] < 0.5
    print(f"waits up to {max(one['wait_ms'] for one in records.values())} ms, told up to "
          f"{max(apart) * 1000:.0f} ms apart, {statistics.median(apart) * 1000:.0f} in the median")
