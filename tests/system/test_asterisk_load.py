"""200 calls, twenty a second, more than the agents can take: what became of each, and when, is told
alike by SIPp, by Asterisk's event log and by our records."""
import statistics

from asterisk import agree
from asterisk.asterisk import CREW
from asterisk.rig import asterisk, centre, telephones  # noqa: F401 fixtures
from daemon import wait_until

CALLS, RATE = 200, 20
PATIENCE, TALK = 700, 600


def test_every_wait_and_outcome_is_told_alike(asterisk, centre):  # noqa: F811
    centre.open(queue='short_abandon = "0s"; hold = { answer = false; music = ""; };')
    phone = centre.telephones.phone("crew", ring=1, talk=TALK)
    for agent in CREW[:9]:
        centre.agent(agent)
    numbers = [f"0312345{number:03d}" for number in range(CALLS)]
    patient, impatient = numbers[:CALLS * 3 // 4], numbers[CALLS * 3 // 4:]
    sipps = [centre.call(*patient, rate=RATE * 3 // 4),
             centre.call(*impatient, rate=RATE // 4, patience=PATIENCE)]
    for sipp in sipps:
        sipp.finish()
    records = {one["number"]: one for one in centre.wait_records(CALLS)}
    assert len(records) == CALLS
    wait_until("nobody waits", lambda: centre.waiting() == 0)

    channels = {}
    for event in asterisk.events():
        channels.setdefault(event["uniqueid"], {}).setdefault(event["kind"], event["at"])
    apart = []
    for sipp, some in zip(sipps, (patient, impatient)):
        for number in some:
            record = records["+81" + number[1:]]
            channel = channels[record["call"]]
            how, wait = agree.wait_of(sipp, number)
            until = channel["BRIDGE_ENTER"] if how == "answered" else channel["HANGUP"]
            assert record["outcome"] == {"answered": "answered", "gave_up": "abandoned"}[how]
            assert ("BRIDGE_ENTER" in channel) == (how == "answered")
            waits = wait, until - channel["CHAN_START"], record["wait_ms"] / 1000
            agree.near(f"{number} waited", *waits)
            apart.append(max(waits) - min(waits))
            if how == "answered":
                assert phone.happened("answered", number), number
    outcomes = [one["outcome"] for one in records.values()]
    assert outcomes.count("answered") > CALLS // 2 and outcomes.count("abandoned") > 10, outcomes
    assert statistics.median(apart) < 0.05
    print(f"waits up to {max(one['wait_ms'] for one in records.values())} ms, told up to "
          f"{max(apart) * 1000:.0f} ms apart, {statistics.median(apart) * 1000:.0f} in the median")
