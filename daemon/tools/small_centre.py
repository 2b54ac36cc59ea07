#!/usr/bin/env python3
"""A small contact centre in real time: callers who return, agents who answer, wrap up and go for lunch.

Started by daemon/try.sh. Starts the najimid it is given, with an embedded Redis, in a temporary
folder, and plays the telephony system and the agents over the native protocol. Everything a
real centre does in minutes takes seconds here."""
import argparse
import contextlib
import heapq
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from native_client import Client, Disconnected, RpcError

AGENTS = {"aiko": ("sales",), "ben": ("sales",), "carla": ("sales", "support"),
          "daichi": ("support",), "eva": ("support",), "farid": ("sales", "support")}
CUSTOMERS = 14
CONFIG = """
site = "try";
rpc = {{ listen = "127.0.0.1:{rpc}"; }};
http = {{ listen = "127.0.0.1:{http}"; }};
redis = {{ mode = "embedded"; socket = "{folder}/redis.sock"; directory = "{folder}/redis"; }};
queue = {{ ring = "5s"; wrapup = "1500ms"; wait_max = "60s"; service_level = "5s"; short_abandon = "1s";
    alarm = {{ waiting = 8; longest_wait = "30s"; service_level = "25%"; }};
    sticky = {{ policy = "fixed"; wait_busy = "6s"; min_talk = "1s"; }}; }};
queues = ( {{ name = "sales"; }}, {{ name = "support"; }} );
"""


def seconds(text):
    match = re.fullmatch(r"(\d+)(s|m|h)?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"'{text}' is no duration such as 20s or 2m")
    return int(match[1]) * {None: 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def free_ports(count):
    """So many, below those that the system gives to whoever connects."""
    found = set()
    while len(found) < count:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(10240, 32768)))
            found.add(probe.getsockname()[1])
    return found


class Centre:
    """People: what they do next stands on a heap by its instant."""

    def __init__(self, client, http_port):
        self.client, self.http_port = client, http_port
        self.chance = random.Random(17)
        self.todo, self.order = [], 0
        self.calls, self.number = {}, 0
        self.returning = self.own = 0
        self.seen = set()

    def later(self, delay, what, *arguments):
        self.order += 1
        heapq.heappush(self.todo, (time.monotonic() + delay, self.order, what, arguments))

    # --- callers ---

    def caller_rings(self):
        self.later(self.chance.expovariate(1 / 0.9), self.caller_rings)
        self.number += 1
        call_id = f"call-{self.number}"
        customer = self.chance.randrange(CUSTOMERS)
        self.calls[call_id] = {"customer": customer}
        decision = self.client.call(
            "call.arrive", call_id=call_id, queue=("sales", "support")[customer % 2],
            **{"from": f"0312{customer:06}", "to": "0120000000"})
        self.decided(decision)
        self.later(self.chance.uniform(8, 25), self.gives_up, call_id)

    def decided(self, decision):
        call = self.calls.get(decision["call_id"])
        if call is None:
            return
        if decision["action"] == "connect":
            call["offer"] = decision["offer"]
            call["sticky"] = decision["sticky"]["result"]
            rings = self.chance.uniform(0.3, 1.2)
            if self.chance.random() < 0.03:
                self.later(rings, self.not_answered, decision["call_id"], decision["offer"])
            else:
                self.later(rings, self.answers, decision["call_id"], decision["offer"])
        elif decision["action"] in ("overflow", "reject"):
            self.calls.pop(decision["call_id"], None)

    def answers(self, call_id, offer):
        call = self.calls.get(call_id)
        if call is None or call.get("offer") != offer:
            return
        try:
            self.client.call("call.answered", call_id=call_id, offer=offer)
        except RpcError:
            return
        call["talking"] = True
        if call["customer"] in self.seen:
            self.returning += 1
            self.own += call["sticky"] == "own"
        self.later(self.chance.lognormvariate(1.1, 0.5), self.hangs_up, call_id)

    def not_answered(self, call_id, offer):
        if call_id in self.calls and self.calls[call_id].get("offer") == offer:
            with contextlib.suppress(RpcError):
                self.decided(self.client.call("call.failed", call_id=call_id, offer=offer,
                                              reason="no_answer"))

    def gives_up(self, call_id):
        if call_id in self.calls and not self.calls[call_id].get("talking"):
            self.hangs_up(call_id)

    def hangs_up(self, call_id):
        call = self.calls.pop(call_id, None)
        if call is not None:
            if self.client.call("call.ended", call_id=call_id, by="caller")["outcome"] == "answered":
                self.seen.add(call["customer"])

    # --- agents ---

    def agents_come(self):
        for agent, queues in AGENTS.items():
            self.client.call("agent.login", agent=agent, target=f"PJSIP/{agent}",
                             queues=list(queues), state="ready")
        self.later(10, self.goes_for_lunch)

    def goes_for_lunch(self):
        agent = self.chance.choice(list(AGENTS))
        self.client.call("agent.pause", agent=agent, reason="lunch")
        self.later(5, self.comes_back, agent)
        self.later(self.chance.uniform(6, 12), self.goes_for_lunch)

    def comes_back(self, agent):
        self.client.call("agent.ready", agent=agent)

    def rona_pauses_end(self):
        """Who was paused for not answering comes back to the desk."""
        for agent in self.client.call("agent.list")["agents"]:
            if agent["state"] == "paused" and agent.get("reason") != "lunch":
                self.client.call("agent.ready", agent=agent["agent"])
        self.later(4, self.rona_pauses_end)

    # --- what a person wants to see ---

    def metrics(self):
        values = {}
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/metrics", timeout=5) as page:
            for line in page.read().decode().splitlines():
                if not line.startswith("#"):
                    name, _, value = line.rpartition(" ")
                    values[name] = float(value)
        return values

    def show(self):
        self.later(3, self.show)
        values = self.metrics()

        def total(name, *labels):
            return sum(v for k, v in values.items()
                       if k.split("{")[0] == name and all(label in k for label in labels))

        states = {state: int(total("najimi_queue_calls", f'state="{state}"'))
                  for state in ("waiting", "offered", "talking")}
        agents = {}
        for agent in self.client.call("agent.list")["agents"]:
            agents[agent["state"]] = agents.get(agent["state"], 0) + 1
        met = total("najimi_service_level_answered_in_time_total")
        decided = total("najimi_service_level_decided_total")
        print(f"{time.strftime('%H:%M:%S')}  callers: waiting {states['waiting']:2}  ringing "
              f"{states['offered']:2}  talking {states['talking']:2} | agents: "
              + "  ".join(f"{name} {agents.get(name, 0)}" for name in
                          ("ready", "offered", "talking", "wrapup", "paused"))
              + f" | own agent {self.own} of {self.returning} returning"
              + (f" ({100 * self.own // self.returning} %)" if self.returning else "")
              + (f" | service level {100 * met / decided:.0f} %" if decided else ""), flush=True)

    def run(self, until):
        self.client.call("events.subscribe", types=["call.decided"])
        self.agents_come()
        self.later(0, self.caller_rings)
        self.later(2, self.show)
        self.later(4, self.rona_pauses_end)
        while time.monotonic() < until:
            wait = max(0.0, min(self.todo[0][0], until) - time.monotonic())
            event = self.client.next_event(wait)
            if event is not None and event["type"] == "call.decided":
                self.decided(event["data"])
            while self.todo[0][0] <= time.monotonic():
                _, _, what, arguments = heapq.heappop(self.todo)
                what(*arguments)


def start(program, folder):
    ports = dict(zip(("rpc", "http"), free_ports(2)))
    config = folder / "najimid.conf"
    (folder / "redis").mkdir()
    config.write_text(CONFIG.format(folder=folder, **ports))
    log = open(folder / "log", "wb")
    process = subprocess.Popen([program, str(config)], stderr=log,
                               env=dict(os.environ, RUNTIME_DIRECTORY=str(folder)))
    deadline = time.monotonic() + 20
    while "daemon.ready" not in (folder / "log").read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            sys.exit("najimid did not start:\n" + (folder / "log").read_text())
        time.sleep(0.02)
    return process, ports


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", help="the najimid to start")
    parser.add_argument("--for", dest="duration", type=seconds, default=None, help="end after that long")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="najimi-try-"))
    process = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        process, ports = start(arguments.program, folder)
        print(f"\nnajimid runs: protocol on 127.0.0.1:{ports['rpc']}, "
              f"metrics and state on port {ports['http']}\n"
              f"  the wallboard: http://127.0.0.1:{ports['http']}/\n"
              f"  curl http://127.0.0.1:{ports['http']}/v1/queues\n"
              f"  echo '{json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'agent.list'})}' | "
              f"nc -q 1 127.0.0.1 {ports['rpc']}\n"
              + ("Ctrl-C ends it.\n" if arguments.duration is None else ""), flush=True)
        until = time.monotonic() + (arguments.duration or 10 ** 9)
        client = Client(ports["rpc"])
        client.open("small-centre", role="supervisor")
        Centre(client, ports["http"]).run(until)
        print("The small centre closes.", flush=True)
    except KeyboardInterrupt:
        print("\nThe small centre closes.", flush=True)
    except Disconnected:
        sys.exit("najimid went away:\n" + (folder / "log").read_text()[-2000:])
    finally:
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait(timeout=15)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
