"""An Asterisk's FastAGI side: channels that run AGI(), and the dialplan of conf/asterisk around it."""
import itertools
import re
import select
import socket
import time

from daemon import PATIENCE

NUMBERS = itertools.count(1)
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def words_of(command):
    """As Asterisk splits a command: quotation marks hold words together, a backslash keeps a byte."""
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted or not plain else plain
            for quoted, plain in WORD.findall(command)]


def pairs_of(text):
    """As MSet splits its argument: commas, but for those behind a backslash."""
    found, word, escaped = [], "", False
    for letter in text:
        if escaped:
            word, escaped = word + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == ",":
            found.append(word)
            word = ""
        else:
            word += letter
    return [pair.split("=", 1) for pair in found + [word]]


class Channel:
    """A caller's channel, or an agent's: it lives through several AGI()."""

    def __init__(self, port, callerid="0312345678", pres=0, source="127.0.0.1", **variables):
        self.port, self.callerid, self.pres, self.source = port, callerid, pres, source
        number = next(NUMBERS)
        self.uniqueid = f"{int(time.time())}.{number}"
        self.name = f"PJSIP/trunk-{number:08x}"
        self.variables = dict(variables)
        self.alive = True
        self.said = []      # commands, of all its AGI()
        self.dials = []     # what was dialled, by EXEC Dial or by the dialplan
        self.socket = None
        self.buffer = b""
        self.on_dial = None  # of EXEC Dial: (target) -> DIALSTATUS or (DIALSTATUS, HANGUPCAUSE)

    # --- AGI() ---

    def environment(self, script, args):
        fields = [("network", "yes"), ("network_script", script),
                  ("request", f"agi://127.0.0.1:{self.port}/{script}"), ("channel", self.name),
                  ("language", "en"), ("type", "PJSIP"), ("uniqueid", self.uniqueid),
                  ("version", "22.10.1"), ("callerid", self.callerid), ("calleridname", "Caller: one"),
                  ("callingpres", self.pres), ("callingani2", 0), ("callington", 0), ("callingtns", 0),
                  ("dnid", "7000"), ("rdnis", "unknown"), ("context", "najimi"), ("extension", "sales"),
                  ("priority", 3), ("enhanced", "0.0"), ("accountcode", ""), ("threadid", 1)]
        fields += [(f"arg_{n}", arg) for n, arg in enumerate(args, 1)]
        return "".join(f"agi_{name}: {value}\n" for name, value in fields) + "\n"

    def agi(self, script, *args, pause=None):
        """Connects and says the environment, each line in a segment of its own; with `pause` each
        byte, so many seconds apart."""
        self.buffer = b""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE,
                                               source_address=(self.source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        text = self.environment(script, args).encode()
        for piece in text.splitlines(keepends=True) if pause is None else (bytes([b]) for b in text):
            self.socket.sendall(piece)
            if pause is not None:
                time.sleep(pause)
        return self

    def line(self, timeout):
        """The next command; None when the daemon has closed, TimeoutError when it says nothing."""
        deadline = time.monotonic() + timeout
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left < 0 or not select.select([self.socket], [], [], left)[0]:
                raise TimeoutError(f"nothing said in {timeout} s after {self.said[-1:]}")
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            if not more:
                assert self.buffer == b"", self.buffer
                self.close()
                return None
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        # Asterisk would not read it before it has answered: a daemon that pipelines hangs.
        assert self.buffer == b"", f"two commands at once: {line} and {self.buffer}"
        return line.decode()

    def serve(self, until=None, timeout=PATIENCE):
        """Does as it is told until the daemon closes, or has said what starts with `until`."""
        while True:
            command = self.line(timeout)
            if command is None:
                assert until is None, f"closed, not {until}"
                return self
            self.said.append(command)
            self.reply(self.carry_out(words_of(command)))
            if until is not None and command.startswith(until):
                return self

    def reply(self, text):
        try:
            self.socket.sendall(text.encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError):
            pass

    def carry_out(self, words):
        kind = " ".join(words[:2])
        if kind == "EXEC MSet":
            for name, value in pairs_of(words[2]):
                self.variables[name] = value
            return "200 result=0"
        if words[:3] == ["GET", "FULL", "VARIABLE"]:
            value = re.sub(r"\$\{(\w+)\}", lambda m: str({**self.variables, "UNIQUEID": self.uniqueid}.get(m.group(1), "")),
                           words[3])
            return f"200 result=1 ({value})"
        if not self.alive:
            return "511 Command Not Permitted on a dead channel or intercept routine"
        if kind == "EXEC Dial":
            return self.dial(words[2].split(",")[0])
        if words[0] == "ANSWER" or kind == "SET MUSIC":
            return "200 result=0"
        if kind in ("STREAM FILE", "SAY NUMBER"):
            return "200 result=0 endpos=8000"
        return "510 Invalid or unknown command"

    def dial(self, target):
        self.dials.append(target)
        result = self.on_dial(target) if self.on_dial else "NOANSWER"
        status, cause = (result, "") if isinstance(result, str) else result
        self.variables.update(DIALSTATUS=status, HANGUPCAUSE=cause)
        return "200 result=0"

    def hang_up(self):
        """The caller does: Asterisk says so at once, and waits for the daemon to close."""
        self.alive = False
        self.reply("HANGUP")
        started = time.monotonic()
        self.serve()
        return time.monotonic() - started

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    # --- the dialplan ---

    def route(self, queue="sales", *more, serve=True):
        self.variables["NAJIMI_ACTION"] = ""
        self.agi("route", queue, self.variables.get("DIALSTATUS", ""),
                 f"cause={self.variables.get('HANGUPCAUSE', '')}", *more)
        return self.serve() if serve else self

    @property
    def action(self):
        return self.variables.get("NAJIMI_ACTION", "")

    def rang(self, status, cause=""):
        """Dial of the dialplan is over."""
        self.dials.append(self.variables["NAJIMI_TARGET"])
        self.variables.update(DIALSTATUS=status, HANGUPCAUSE=cause)

    def answered(self):
        """What the agent's channel says by U(najimi-answered^...) of NAJIMI_OPTIONS."""
        call, offer = re.search(r"U\(najimi-answered\^([^^]+)\^(\d+)\)",
                                self.variables["NAJIMI_OPTIONS"]).groups()
        Channel(self.port, source=self.source).agi("answered", call, offer).serve()

    def h(self, seconds=""):
        self.alive = False
        self.agi("ended", self.variables.get("NAJIMI_CALL", ""), self.variables.get("DIALSTATUS", ""),
                 seconds, self.variables.get("HANGUPCAUSE", "")).serve()
