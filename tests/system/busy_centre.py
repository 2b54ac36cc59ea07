"""A small centre in which everything happens that a figure can count, one round after another:
quick, always the same, and told to the daemon by its telephony system. Waits are made with
arrived_at, so that nobody has to wait for them."""
import contextlib
import datetime
import socket
import threading

from daemon import PATIENCE
from native_client import RpcError

QUEUES = """
queues = (
    { name = "sales"; sticky = { policy = "fixed"; wait_busy = "30s"; }; },
    { name = "support"; sticky = { policy = "rate"; value = "300s"; }; },
    { name = "desk"; },
    { name = "closed"; open = false; },
    { name = "worked"; sticky = { enabled = false; }; }
);
"""
OPTIONS = {"queue": 'wrapup = "50ms"; sticky = { min_talk = "0s"; holdout = "30%"; };',
           "rona": 'no_answer = 1;',
           "fcr": 'reconnect = "0s";',  # whoever is back has not been helped, however soon
           "log": 'level = "info";'}


def ago(seconds):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class BusyCentre:
    def __init__(self, daemon):
        self.pbx = daemon.pbx("pbx-busy")
        self.port = daemon.rpc_port
        self.number = self.rounds = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._live, daemon=True)
        self.failure = None
        for agent, queues in (("alice", ["sales", "support"]), ("bob", ["sales", "support"]),
                              ("carol", ["desk"]), ("dave", ["worked"])):
            self.pbx.call("agent.login", agent=agent, target=f"PJSIP/{agent}", queues=queues, state="ready")

    # --- one caller ---

    def arrive(self, queue, waited=0.0, **more):
        self.number += 1
        call = f"busy-{self.number}"
        return call, self.pbx.call("call.arrive", call_id=call, queue=queue, arrived_at=ago(waited), **more)

    def end(self, call, by="caller"):
        return self.pbx.call("call.ended", call_id=call, by=by)["outcome"]

    def answer(self, call, decision):
        assert decision["action"] == "connect", decision
        self.pbx.call("call.answered", call_id=call, offer=decision["offer"])
        return decision["agent"]

    def ready(self, *agents):
        for agent in agents:
            self.pbx.call("agent.ready", agent=agent)

    def talk(self, queue, waited=0.0, hold=False, **more):
        call, decision = self.arrive(queue, waited, **more)
        agent = self.answer(call, decision)
        if hold:
            self.pbx.call("call.held", call_id=call)
            self.pbx.call("call.retrieved", call_id=call)
        assert self.end(call) == "answered"
        self.pbx.call("agent.disposition", agent=agent, call_id=call, outcome="resolved")
        self.ready(agent)
        return agent

    def give_up(self, queue, waited, **more):
        call, decision = self.arrive(queue, waited, **more)
        assert decision["action"] == "queue", decision
        return self.end(call)

    # --- one round ---

    def round(self):
        """Callers come and return; wait, give up, come back; wait for their own agent, miss them."""
        self.rounds += 1
        # Two who are always met by the same agents, some of them routed as unknown.
        for customer in range(8):
            self.talk(("sales", "support")[customer % 2], waited=2.0 * customer, hold=customer == 3,
                      **{"from": f"031234567{customer}"})
        self.waits_for_the_own_agent()
        self.own_agent_has_a_break()
        self.misses()
        self.nobody_is_there()
        self.mistakes()
        assert self.arrive("closed")[1]["action"] == "reject"

    def mistakes(self):
        """A report of a call that nobody knows, and a peer that speaks another language."""
        with contextlib.suppress(RpcError):
            self.pbx.call("call.answered", call_id="nobody", offer=1)
        with socket.create_connection(("127.0.0.1", self.port)) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(OSError):
                while stranger.recv(4096):
                    pass

    def waits_for_the_own_agent(self):
        """A caller's own agent talks; another is free, and the caller waits all the same."""
        customer = {"customer_id": f"regular-{self.rounds % 6}"}
        own = self.talk("sales", **customer)
        call, decision = self.arrive("sales", customer_id=f"other-{self.rounds}")
        while decision["agent"] != own:  # whoever has it: let the own agent be the busy one
            self.pbx.call("call.failed", call_id=call, offer=decision["offer"], reason="busy")
            decision = self.pbx.call("call.wait", call_id=call, wait_ms=0)
        self.answer(call, decision)
        waiting, decision = self.arrive("sales", **customer)
        if decision["action"] == "queue" and self.rounds % 3 == 0:
            assert self.end(waiting) in ("abandoned", "short_abandoned")  # in vain
        self.end(call)
        self.ready(own)
        if decision["action"] == "queue" and self.rounds % 3 != 0:
            decision = self.pbx.call("call.wait", call_id=waiting, wait_ms=20000)
        if decision["action"] == "connect":
            agent = self.answer(waiting, decision)
            self.end(waiting)
            self.ready(agent)

    def own_agent_has_a_break(self):
        own = self.talk("support", customer_id="hurried")
        self.pbx.call("agent.pause", agent=own, reason="lunch")
        self.talk("support", customer_id="hurried")
        self.ready(own)

    def misses(self):
        call, decision = self.arrive("desk")
        self.pbx.call("call.failed", call_id=call, offer=decision["offer"], reason="no_answer")
        self.end(call)
        self.ready("carol")

    def nobody_is_there(self):
        """The only agent of the desk talks: a line forms, of people who are told a wait."""
        talking, decision = self.arrive("desk")
        self.answer(talking, decision)
        caller = {"from": f"0398{self.rounds:06}"}
        assert self.give_up("desk", 30.0, **caller) == "abandoned"
        back, decision = self.arrive("desk", **caller)  # with the first clock
        assert decision["action"] == "queue"
        assert self.give_up("desk", 0.0) == "short_abandoned"
        self.end(talking)
        self.ready("carol")
        decision = self.pbx.call("call.wait", call_id=back, wait_ms=20000)
        self.answer(back, decision)
        self.end(back)
        self.ready("carol")

    # --- the worked figures ---

    def worked(self):
        """A tenth of 1,000 answered, 860 of them within 20 s; 60 who gave up, 20 of them within
        20 s and 10 within 5 s."""
        for number in range(100):
            self.talk("worked", waited=4.0 if number < 86 else 40.0)
        self.pbx.call("agent.pause", agent="dave")
        for waited in (0.0, 12.0, 40.0, 40.0, 40.0, 40.0):
            self.give_up("worked", waited)
        self.ready("dave")

    # --- its life ---

    def _live(self):
        try:
            while not self.stopping.is_set():
                self.round()
                self.stopping.wait(0.05)
        except Exception as error:  # told to the test, which would wait in vain
            self.failure = error

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self.thread.join(timeout=PATIENCE)
        assert self.failure is None, self.failure
        self.pbx.close()
