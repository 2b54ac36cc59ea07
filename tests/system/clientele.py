"""A centre whose callers come back, simulated in the plainest way, as the contacts it would leave in
Redis: one line of callers, whoever has been idle longest takes the first."""
import datetime
import heapq
import random

MS = 1000
DAY = 86400


def instant(seconds):
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // MS:03d}Z"


class Clientele:
    """`calls` on `days` days of `hours` each, from eight in the morning, ending at `until`."""

    def __init__(self, until, calls=4000, days=14, hours=10, agents=8, load=0.9, customers=300,
                 seed=1, queues=("sales", "support"), wrapup=5.0, ring=4.0):
        self.chance = random.Random(seed)
        self.dawn = (int(until) // DAY - days) * DAY
        self.agents, self.queues, self.wrapup, self.ring = agents, queues, wrapup, ring
        per_day = calls // days
        talk = load * agents * hours * 3600 / per_day - wrapup - ring
        assert talk > 20, "too many calls for so few agents"
        self.calls = []
        for day in range(days):
            begin = self.dawn + day * DAY + 8 * 3600
            self.calls += [self.make_call(at, talk, customers) for at in
                           sorted(begin + self.chance.random() * hours * 3600 for _ in range(per_day))]
        self.contacts = sorted(self.play(), key=lambda contact: contact["ended_at"])

    def make_call(self, at, talk, customers):
        chance = self.chance
        key = f"cid:k{chance.randrange(customers)}" if chance.random() < 0.7 else None
        return {"at": at, "key": key, "queue": chance.choice(self.queues),
                "talk": min(3000.0, chance.lognormvariate(0, 0.9) * talk / 1.5),
                "patience": chance.expovariate(1 / 400)}

    def play(self):
        """Who talks with whom. Agents come for each day's hours."""
        free = [(self.dawn, agent) for agent in range(self.agents)]  # since when idle
        heapq.heapify(free)
        for number, call in enumerate(self.calls):
            since, agent = free[0]
            start = max(call["at"], since)
            contact = {"v": 1, "contact": f"made-{number}", "client": "pbx-a", "call": f"c{number}",
                       "outcome": "answered", "by": "caller", "queue": call["queue"],
                       "first_queue": call["queue"], "arrived_at": instant(call["at"])}
            if call["key"]:
                contact["key"] = call["key"]
            if start - call["at"] > call["patience"]:
                contact |= {"outcome": "abandoned", "ended_at": instant(call["at"] + call["patience"]),
                            "wait_ms": int(call["patience"] * MS), "sticky": "new"}
                yield contact
                continue
            answered = start + self.ring
            ended = answered + call["talk"]
            heapq.heapreplace(free, (ended + self.wrapup, agent))
            yield contact | {"answered_at": instant(answered), "ended_at": instant(ended),
                             "wait_ms": int((answered - call["at"]) * MS), "ring_ms": int(self.ring * MS),
                             "talk_ms": int(call["talk"] * MS), "agent": f"agent-{agent}",
                             "credited": f"agent-{agent}", "legs": 1, "offers": 1, "sticky": "new"}
