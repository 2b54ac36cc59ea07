#!/usr/bin/python3
"""A year of contacts matures: what first contact resolution costs Redis, in bytes and in time.

bench_fcr.py [--contacts 10000000] [--days 365] [--limit 40]. Contacts of a generated year pass through the functions in the
order and the pieces in which the daemon has them counted, with its clock run as fast as Redis follows. Redis' time is that
of its main thread. Fails beyond the budget."""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import redis as library

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from fcr_functions import BASE, DAY, HOUR, Functions  # noqa: E402

D1 = 1_795_219_200_000
BYTES_MAX = 400  # of a contact that waits for its 30 days, all keys together
MICROSECONDS_MAX = 400  # of Redis, for a contact's whole life


class Year:
    def __init__(self, arguments):
        self.chance = random.Random(1)
        self.count, self.days = arguments.contacts, arguments.days
        self.callers = max(1, arguments.contacts * 30 // arguments.days)
        self.made = 0

    def news(self, ended):
        """One contact: two of three callers are of the last month, agents and queues as in a large centre."""
        chance, self.made = self.chance, self.made + 1
        caller = int(self.callers * chance.random() ** 2)
        hour = time.strftime("%Y-%m-%dT%H", time.gmtime(ended / 1000))
        talk = chance.randrange(30_000, 600_000)
        return (f"call\tcontact\ttel:+8131{caller:08d}\t{ended * 1000:014x}-{self.made % 20000:x}-{self.made // 20000:x}\t"
                f"{ended - talk}\t{ended}\t{chance.randrange(60_000)}\t{talk}\t{hour}\tqueue{caller % 7}\t"
                f"reason{chance.randrange(12)}\tagent{chance.randrange(300):03d}\t{chance.choice(('own', 'other', 'new'))}\t"
                f"{chance.choice(('', 'gold'))}\t{chance.choice(('sticky', 'sticky', 'holdout', ''))}")


def busy(redis):
    cpu = redis.info("cpu")
    return cpu["used_cpu_user_main_thread"] + cpu["used_cpu_sys_main_thread"]


def pending_bytes(redis):
    keys = [BASE + name for name in ("answered", "answered:by_age", "maturing:24h", "maturing:7d", "maturing:30d")]
    return sum(redis.memory_usage(key, samples=0) or 0 for key in keys)


def play(redis, arguments):
    functions, year = Functions(redis), Year(arguments)
    per_hour = arguments.contacts / (arguments.days * 24)
    telling = counting = worst = 0
    begun = time.time()
    for hour in range((arguments.days + 32) * 24):
        now = D1 + (hour + 1) * HOUR
        due = min(arguments.contacts, int((hour + 1) * per_hour)) - year.made
        ended = sorted(now - HOUR + int(year.chance.random() * HOUR) for _ in range(max(0, due)))
        before = busy(redis)
        for start in range(0, len(ended), 50):
            functions.commit(*[["TELL", BASE + "maturing:news", year.news(at)] for at in ended[start:start + 50]])
        between = busy(redis)
        telling += between - before
        more = 1
        while more:
            step = time.monotonic()
            _, more, *_ = functions.mature_once(now, arguments.limit)
            worst = max(worst, time.monotonic() - step)
        counting += busy(redis) - between
        if hour % (24 * 30) == 24 * 30 - 1:
            pending = sum(redis.zcard(BASE + "maturing:" + window) for window in ("24h", "7d", "30d"))
            known = redis.hlen(BASE + "answered")
            size = pending_bytes(redis)
            print(f"day {hour // 24 + 1:3}: {year.made:9} told, {pending:7} mature within 30 d, {known:7} known, "
                  f"{size / max(1, known):5.0f} bytes each, {redis.info('memory')['used_memory'] >> 20} MiB in Redis, "
                  f"{1e6 * telling / year.made:4.1f} + {1e6 * counting / year.made:5.1f} us a contact, "
                  f"{time.time() - begun:5.0f} s", flush=True)
            if known and year.made < arguments.contacts:
                bytes_each = size / known
    assert redis.hlen(BASE + "answered") == 0 and not redis.keys(BASE + "maturing:*")
    figures = functions.records(BASE + "matured")
    counted = sum(record["contacts"] + record.get("reconnects", 0) for record in figures.values())
    assert counted == year.made, f"{counted} of {year.made} were counted"
    for record in figures.values():
        assert all(a + b == record["contacts"] for a, b in zip(record["resolved"], record["repeated"]))
    shares = [sum(record["resolved"][cell] for record in figures.values()) / sum(record["contacts"] for record in figures.values())
              for cell in (0, 3, 6)]
    print(f"FCR 24h {shares[0]:.3f}, 7d {shares[1]:.3f}, 30d {shares[2]:.3f}; the longest step took {worst * 1000:.1f} ms")
    return bytes_each, 1e6 * (telling + counting) / year.made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--limit", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="najimi-fcr-") as folder:
        socket = f"{folder}/s"
        server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder,
                                   "--logfile", f"{folder}/log"])
        redis = library.Redis(unix_socket_path=socket, decode_responses=True)
        try:
            while True:
                try:
                    redis.ping()
                    break
                except library.exceptions.ConnectionError:
                    time.sleep(0.05)
            size, cost = play(redis, arguments)
        finally:
            server.terminate()
            server.wait()
    print(f"{size:.0f} bytes for a contact that matures (at most {BYTES_MAX}), {cost:.0f} us of Redis for its life "
          f"(at most {MICROSECONDS_MAX}), that is {cost * 10:.0f} s for ten million a year")
    return size > BYTES_MAX or cost > MICROSECONDS_MAX


if __name__ == "__main__":
    sys.exit(main())
