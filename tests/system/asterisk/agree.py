"""What three say of one call who do not know of each other: SIPp's telephones, Asterisk's event log,
our records."""
import datetime

from daemon import wait_until

# How far apart two of them may have seen the same on a machine that has others at work, by which
# any of them may be held up. How near they are as a rule is asserted of many calls at once
# (test_asterisk_load.py).
NEAR = 2.0


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def near(what, *seen, within=NEAR):
    """All that were seen, at about the same instant or for about as long."""
    assert max(seen) - min(seen) <= within, f"{what}: {[round(one, 3) for one in seen]}"


def channel_events(asterisk, uniqueid):
    """{kind: instant of the first} of one channel that is over."""
    def over():
        seen = {}
        for event in asterisk.events():
            if event["uniqueid"] == uniqueid:
                seen.setdefault(event["kind"], event["at"])
        return seen if "HANGUP" in seen else None
    return wait_until(f"Asterisk's events of {uniqueid}", over)


def first(sipp, what, number, which=0):
    found = sipp.happened(what, number)
    return found[which][2] if found else None


def wait_of(sipp, number):
    """(how the caller's call went, after how long), of a caller who hears ringing while waiting."""
    began = first(sipp, "called", number)
    for what in "answered", "gave_up", "refused":
        at = first(sipp, what, number)
        if at is not None:
            return what, at - began
    raise AssertionError(f"{number} is still waiting")


def answered(asterisk, record, caller, phone, number, shown=None, which=0):
    """An answered call: when it came, was answered and ended. `which` of this caller's talks on
    that telephone it was."""
    assert record["outcome"] == "answered", record
    events = channel_events(asterisk, record["call"])
    shown = shown or number
    near("arrived", instant(record["arrived_at"]), events["CHAN_START"], first(caller, "called", number))
    near("answered", instant(record["answered_at"]), events["BRIDGE_ENTER"],
         first(phone, "answered", shown, which))
    near("ended", instant(record["ended_at"]), events["HANGUP"],
         first(caller, "ended", number) or first(caller, "hung_up", number))
    wait = first(phone, "answered", shown, which) - first(caller, "called", number)
    near("wait", record["wait_ms"] / 1000, wait)


def given_up(asterisk, record, caller, number):
    """A caller who hung up before anybody answered."""
    assert (record["outcome"], record["by"]) == ("abandoned", "caller"), record
    events = channel_events(asterisk, record["call"])
    gone = first(caller, "gave_up", number) or first(caller, "hung_up", number)
    near("gave up", instant(record["ended_at"]), events["HANGUP"], gone)
    near("wait", record["wait_ms"] / 1000, gone - first(caller, "called", number))
