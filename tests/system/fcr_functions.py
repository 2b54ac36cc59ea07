"""First contact resolution twice: the Redis Functions, driven as the store drives them but with instants of our own,
and the definition recomputed from contacts, in the plainest way."""
import collections
import pathlib
from datetime import datetime, timezone

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "store"
BASE = "najimi:{main}:"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
WINDOWS = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
SCOPES = ["any", "queue", "reason"]
CELLS = [(window, scope) for window in WINDOWS for scope in SCOPES]
RECONNECT = 15 * MINUTE


class Contact:
    """What the stream says of one call, as far as it matters. Instants in ms; key "" is nobody."""

    last = 0

    def __init__(self, key, arrived, ended, queue="sales", reason="", agent="alice", sticky="new", tier="", group="",
                 outcome="answered", counts=True):
        Contact.last += 1
        self.id = f"{ended * 1000:014x}-{Contact.last:x}-1"
        self.key, self.arrived, self.ended = key, arrived, ended
        self.queue, self.reason, self.agent, self.sticky = queue, reason, agent, sticky
        self.tier, self.group, self.outcome = tier, group, outcome
        self.counts = counts  # talked for long enough
        self.wait, self.handling = 20_000, ended - arrived - 20_000

    def hour(self):
        return datetime.fromtimestamp(self.ended / 1000, timezone.utc).strftime("%Y-%m-%dT%H")

    def facts(self):
        return "\t".join([self.hour(), self.queue, self.reason, self.agent, self.sticky, self.tier, self.group])

    def fields(self):
        day, hour = self.hour().split("T")
        names = [f"queue:{self.queue}", f"hour:{hour}:{self.queue}", f"agent:{self.agent}", f"sticky:{self.sticky}",
                 f"reason:{self.reason}", f"tier:{self.tier}"]
        return day, names + ([f"group:{self.group}"] if self.group else [])


class Functions:
    """najimid's side of the functions."""

    def __init__(self, redis):
        self.redis, self.number = redis, 0
        library = (SOURCE / "najimi.lua").read_text() + (SOURCE / "fcr.lua").read_text()
        redis.function_load(library, replace=True)
        self.epoch = redis.fcall("najimi_lease_take", 2, BASE + "lease", BASE + "config", "me", "here", 60_000, 0)[1]

    def commit(self, *operations):
        self.number += 1
        words = []
        for operation in operations:
            words += [len(operation), *operation]
        reply = self.redis.fcall("najimi_commit", 1, BASE + "lease", self.epoch, self.number, 1, *words)
        assert reply == self.number, reply

    @staticmethod
    def news(what, *words):
        return ["TELL", BASE + "maturing:news", "\t".join([what, *map(str, words)])]

    def follow(self, contact, abandoned_counts=False):
        """The operation for a call, None when there is nothing to say."""
        kind = "contact" if contact.key and contact.counts else "other"
        if contact.outcome != "answered":
            if not abandoned_counts or not contact.key:
                return None
            kind = "left"
        return self.news("call", kind, contact.key, contact.id, contact.arrived, contact.ended, contact.wait,
                         contact.handling, contact.facts())

    def mature_once(self, now, limit=100):
        return self.redis.fcall("najimi_mature", 1, BASE + "lease", self.epoch, BASE, now, now, limit, RECONNECT, 31 * DAY,
                                400 * DAY)

    def mature(self, now, limit=100):
        """Sweeps until nothing is due. How many sweeps it took, and the last answer."""
        sweeps = 1
        reply = self.mature_once(now, limit)
        while reply[1]:
            reply = self.mature_once(now, limit)
            sweeps += 1
        return sweeps, reply

    def days(self):
        found = {}
        for key in self.redis.keys(BASE + "day:*:fcr:*"):
            day, by = key.split(":")[3:6:2]
            found.setdefault(day, {}).update(self.records(key, by + ":"))
        return found

    def records(self, key, by=""):
        """{"agent:alice": {"contacts": 1, "resolved": [...]}}, with queues made from their hours."""
        found = collections.defaultdict(dict)
        for name, text in self.redis.hgetall(key).items():
            what, place = name.split(":", 1)
            numbers = [int(number) for number in text.split(",")]
            places = [by + place]
            if by == "hour:":
                places.append("queue:" + place.split(":", 1)[1])
            for place in places:
                old = found[place].get(what, [0] * len(numbers))
                found[place][what] = [a + b for a, b in zip(old, numbers)]
        return {place: {what: numbers[0] if len(numbers) == 1 else numbers for what, numbers in record.items()}
                for place, record in found.items()}

    def day(self, day, field="queue:sales"):
        return self.days()[day][field]


class Recount:
    """Every contact of one caller beside every other: what the definition says, slowly."""

    def __init__(self, contacts, until, abandoned_counts=False):
        self.days = collections.defaultdict(lambda: collections.defaultdict(self.blank))
        self.until = until
        callers = collections.defaultdict(list)
        for contact in contacts:
            if contact.key and (contact.counts and contact.outcome == "answered"
                                or abandoned_counts and contact.outcome == "abandoned"):
                callers[contact.key].append(contact)
        for calls in callers.values():
            self.count(self.join(calls))

    @staticmethod
    def blank():
        return {"contacts": 0, "reconnects": 0,
                **{name: [0] * 9 for name in ("resolved", "repeated", "first_resolved", "first_repeated")}}

    def add(self, contact, name, cell=None):
        day, fields = contact.fields()
        for field in fields:
            if name.startswith("first") and not field.startswith(("queue:", "hour:")):
                continue
            if cell is None:
                self.days[day][field][name] += 1
            else:
                self.days[day][field][name][cell] += 1

    def join(self, calls):
        """(contact, its end, whether it is one) without the calls that belong to the one before."""
        cases = []
        for call in calls:
            before = next((case for case in reversed(cases) if case[2]), None)
            if before and call.arrived - before[1] <= RECONNECT:
                self.add(before[0], "reconnects")
                if call.outcome == "answered":
                    before[1] = max(before[1], call.ended)
                continue
            cases.append([call, call.ended, call.outcome == "answered"])
        return cases

    def count(self, cases):
        for at, (contact, ended, real) in enumerate(cases):
            if not real:
                continue
            self.add(contact, "contacts")
            for cell, (window, scope) in enumerate(CELLS):
                def alike(other):
                    return scope == "any" or getattr(other, scope) == getattr(contact, scope)
                repeated = any(alike(later) and later.arrived <= ended + WINDOWS[window] for later, _, _ in cases[at + 1:])
                repeats = any(alike(old) and contact.arrived <= end + WINDOWS[window] for old, end, one in cases[:at] if one)
                if not repeated and ended + WINDOWS[window] > self.until:
                    continue  # still open
                name = "repeated" if repeated else "resolved"
                self.add(contact, name, cell)
                if not repeats:
                    self.add(contact, "first_" + name, cell)

    def same_as(self, days):
        """Compares with what the functions have counted; lists of zeros may be left out there."""
        assert set(days) == set(self.days)
        for day, fields in self.days.items():
            assert set(days[day]) == set(fields), day
            for field, record in fields.items():
                for name, value in record.items():
                    assert days[day][field].get(name, [0] * 9 if isinstance(value, list) else 0) == value, (day, field, name)
