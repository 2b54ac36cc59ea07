#!/usr/bin/env python3
"""First contact resolution from the stream of contacts alone, by what najimi-redis(7) and najimi-protocol(7)
say of it: for whoever does not take the daemon's word. It shares nothing with the daemon, nor with its
functions in Redis. As a program it prints what it finds as JSON:

    fcr_recount.py [--socket REDIS.SOCK] [--site main] [--min-talk MS] [--reconnect MS]
"""
import argparse
import collections
import json
import time
from datetime import datetime

import redis

HOUR_MS = 3_600_000
WINDOWS = {"24h": 24 * HOUR_MS, "7d": 7 * 24 * HOUR_MS, "30d": 30 * 24 * HOUR_MS}
SCOPES = ("any", "queue", "reason")
Case = collections.namedtuple("Case", "contact arrived ends")


def milliseconds(instant):
    return round(datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp() * 1000)


def read_stream(client, site="main", prefix="najimi", piece=5000):
    """The records of finished calls, in the order in which they ended."""
    key, last = f"{prefix}:{{{site}}}:contacts", "-"
    while entries := client.xrange(key, last, count=piece):
        for _, fields in entries:
            if "contact" in fields:
                yield json.loads(fields["contact"])
        last = "(" + entries[-1][0]


def caller_of(contact):
    return None if contact.get("shared") else contact.get("identity") or contact.get("key")


def cases_of(contacts, min_talk, reconnect):
    """By caller: the contacts, each with its end, which is that of the last call that went on with it;
    and how many such calls there were for each contact's day."""
    callers, reconnects = collections.defaultdict(list), collections.Counter()
    for contact in contacts:
        who = caller_of(contact)
        if who is None or contact["outcome"] != "answered" or contact.get("talk_ms", 0) < min_talk:
            continue
        arrived, ended = milliseconds(contact["arrived_at"]), milliseconds(contact["ended_at"])
        cases = callers[who]
        if cases and arrived - cases[-1].ends <= reconnect:
            reconnects[day_of(cases[-1].contact)] += 1
            cases[-1] = cases[-1]._replace(ends=max(cases[-1].ends, ended))
        else:
            cases.append(Case(contact, arrived, ended))
    return callers, reconnects


def day_of(contact):
    return contact["ended_at"][:10]  # of a site that lives by UTC


def alike(one, other, scope):
    return scope == "any" or one.get(scope) == other.get(scope)


def verdict(cases, index, window, scope, now):
    """"repeated" or "resolved", or "open" while it is not known."""
    contact, _, ends = cases[index]
    for later in cases[index + 1:]:
        if later.arrived <= ends + WINDOWS[window] and alike(later.contact, contact, scope):
            return "repeated"
    return "resolved" if ends + WINDOWS[window] <= now else "open"


def recount(contacts, now, by="day", min_talk=15_000, reconnect=15 * 60_000):
    """{name: {"contacts": n, "24h": {"any": {"repeated": n, "resolved": n, "open": n}, ...}, ...}} by day, or by any
    member of a contact; and how many calls went on with a contact, by day."""
    callers, reconnects = cases_of(contacts, min_talk, reconnect)
    rows = collections.defaultdict(lambda: {"contacts": 0, **{
        window: {scope: collections.Counter() for scope in SCOPES} for window in WINDOWS}})
    for cases in callers.values():
        for index, (contact, _, _) in enumerate(cases):
            row = rows[day_of(contact) if by == "day" else contact.get(by)]
            row["contacts"] += 1
            for window in WINDOWS:
                for scope in SCOPES:
                    row[window][scope][verdict(cases, index, window, scope, now)] += 1
    return dict(rows), reconnects


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--socket", default="/run/redis/redis.sock")
    parser.add_argument("--site", default="main")
    parser.add_argument("--min-talk", type=int, default=15_000)
    parser.add_argument("--reconnect", type=int, default=15 * 60_000)
    args = parser.parse_args()
    client = redis.Redis(unix_socket_path=args.socket, decode_responses=True)
    rows, reconnects = recount(read_stream(client, args.site), time.time() * 1000, "day", args.min_talk, args.reconnect)
    print(json.dumps({"rows": rows, "reconnects": reconnects}, indent=1))


if __name__ == "__main__":
    main()
