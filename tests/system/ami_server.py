"""An Asterisk that is none: its manager interface, and callers whom its dialplan sends to FastAGI.

It says what a test wants it to say, and remembers what it was told. How it behaves is in its
members, which may be changed at any time."""
import contextlib
import hashlib
import shlex
import socket
import threading
import time

from daemon import PATIENCE, free_port, wait_until

BANNER = "Asterisk Call Manager/11.0.0"


def block(*lines, **fields):
    """A message: "Event: Hangup", or Uniqueid="1.2" for what is no keyword."""
    return "".join(f"{line}\r\n" for line in [*lines, *(f"{key.replace('_', '-')}: {value}"
                                                      for key, value in fields.items())]) + "\r\n"


class Session(threading.Thread):
    """One who is connected."""

    def __init__(self, server, connection):
        super().__init__(daemon=True)
        self.server, self.socket = server, connection
        self.logged_in, self.events, self.filters = False, "", []
        self.actions = []  # all that it has asked for, each a dict

    def run(self):
        with contextlib.suppress(OSError, ValueError):
            if self.server.context is not None:
                self.socket = self.server.context.wrap_socket(self.socket, server_side=True)
            if self.server.garbage is not None:
                self.socket.sendall(self.server.garbage)
            elif not self.server.late_banner:
                self.say(BANNER + "\r\n")
            self.read()
        with contextlib.suppress(OSError):
            self.socket.close()
        self.server.sessions.remove(self)

    def read(self):
        kept = b""
        while True:
            data = self.socket.recv(65536)
            if not data:
                return
            kept += data
            while b"\r\n\r\n" in kept:
                message, kept = kept.split(b"\r\n\r\n", 1)
                lines = message.decode().split("\r\n")
                assert all(len(line) <= 1022 for line in lines), lines
                action = {}
                for line in lines:
                    key, value = line.split(": ", 1)
                    action[key] = f"{action[key]}\n{value}" if key in action else value
                self.actions.append(action)
                self.server.actions.append(action)
                if not self.server.silent:
                    self.answer(action)

    def say(self, text):
        data = text.encode()
        if self.server.pieces:
            for at in range(0, len(data), self.server.pieces):
                self.socket.sendall(data[at:at + self.server.pieces])
                time.sleep(0.0002)
        else:
            self.socket.sendall(data)

    # --- actions ---

    def answer(self, action):
        name, number = action["Action"], action.get("ActionID", "")
        if name not in ("Login", "Challenge") and not self.logged_in:
            self.reply(number, "Error", "Permission denied")
        elif name in self.server.refused:
            self.reply(number, "Error", self.server.refused[name])
        else:
            getattr(self, name, self.other)(action, number)

    def reply(self, number, response, message="", **more):
        extra = f"Message: {message}\r\n" if message else ""
        for key, value in more.items():
            extra += f"{key}: {value}\r\n"
        # A server of a test suite says the number last.
        number = f"ActionID: {number}\r\n"
        self.say(f"Response: {response}\r\n" + (extra + number if self.server.late_banner
                                               else number + extra) + "\r\n")
        if self.server.late_banner and not self.logged_in:
            self.say(BANNER + "\r\n")

    def other(self, _action, number):
        self.reply(number, "Success")

    def Challenge(self, _action, number):
        self.reply(number, "Success", Challenge="795475272")

    def Login(self, action, number):
        secret = self.server.users.get(action["Username"])
        key = hashlib.md5(f"795475272{secret}".encode()).hexdigest()
        if secret is None or (action.get("Secret") != secret and action.get("Key") != key):
            self.reply(number, "Error", "Authentication failed")
            self.socket.shutdown(socket.SHUT_RDWR)
            return
        self.events = action.get("Events", "on")
        self.reply(number, "Success", "Authentication accepted")
        self.logged_in = True
        if self.server.booted:
            self.say(block("Event: FullyBooted", "Privilege: system,all", "Status: Fully Booted"))

    def Filter(self, action, number):
        self.filters.append(action["Filter"])
        self.reply(number, "Success", "Filter added successfully")

    def Ping(self, _action, number):
        self.reply(number, "Success", Ping="Pong", Timestamp="1795304581.257204")

    def items(self, number, name, items):
        self.reply(number, "Success", "will follow", EventList="start")
        if name == self.server.unended:
            return
        for item in items:
            self.say(block(f"Event: {name}", f"ActionID: {number}", **item))
        end = {"CoreShowChannel": "CoreShowChannelsComplete", "DeviceStateChange": "DeviceStateListComplete"}[name]
        self.say(block(f"Event: {end}", f"ActionID: {number}", "EventList: Complete",
                       f"ListItems: {len(items)}"))

    def CoreShowChannels(self, _action, number):
        self.items(number, "CoreShowChannel", [channel.fields() for channel in list(self.server.channels.values())])

    def DeviceStateList(self, _action, number):
        self.items(number, "DeviceStateChange",
                   [dict(Device=name, State=state) for name, state in self.server.devices.items()])


class Channel:
    def __init__(self, name, uniqueid, linkedid=None, state=6, bridge=""):
        self.name, self.uniqueid, self.linkedid = name, uniqueid, linkedid or uniqueid
        self.state, self.bridge = state, bridge

    def fields(self, prefix=""):
        more = {} if prefix else dict(BridgeId=self.bridge, Application="AppDial")
        return {f"{prefix}Channel": self.name, f"{prefix}ChannelState": self.state,
                f"{prefix}CallerIDNum": "<unknown>", f"{prefix}Uniqueid": self.uniqueid,
                f"{prefix}Linkedid": self.linkedid, **more}


class AmiServer:
    def __init__(self, context=None, port=0):
        self.context = context
        self.users = {"najimi": "of the tests"}
        self.channels, self.devices = {}, {}
        self.refused = {}     # Action: message
        self.booted, self.silent, self.late_banner = True, False, False
        self.garbage, self.pieces, self.unended = None, 0, None
        self.actions, self.sessions, self.connections = [], [], 0
        self.numbers = 0
        self.listener = None
        self.listen(port or free_port())

    def listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                session = Session(self, connection)
                self.sessions.append(session)
                session.start()

    def cut(self):
        """Everybody is thrown out."""
        for session in list(self.sessions):
            with contextlib.suppress(OSError):
                session.socket.shutdown(socket.SHUT_RDWR)

    def stop(self):
        """It is gone: nobody answers there any more."""
        if self.listener is not None:
            with contextlib.suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        self.cut()
        wait_until("all have gone", lambda: not self.sessions)

    def start(self):
        self.listen(self.port)

    # --- what it was told ---

    def done(self, name, **fields):
        return [action for action in list(self.actions) if action["Action"] == name
                and all(action.get(key) == value for key, value in fields.items())]

    def wait_done(self, name, count=1, timeout=PATIENCE, **fields):
        wait_until(f"{count} {name}", lambda: len(self.done(name, **fields)) >= count, timeout)
        return self.done(name, **fields)[-1]

    # --- what it says ---

    def say(self, text):
        for session in list(self.sessions):
            if session.logged_in:
                with contextlib.suppress(OSError):
                    session.say(text)

    def event(self, name, *channels, **fields):
        """`channels` are pairs of a prefix and a channel."""
        for prefix, channel in channels:
            fields = {**channel.fields(prefix or ""), **fields}
        fields.pop("BridgeId", None)
        fields.pop("Application", None)
        self.say(block(f"Event: {name}", "Privilege: call,all", **fields))

    def device(self, name, state):
        self.devices[name] = state
        self.event("DeviceStateChange", Device=name, State=state)

    # --- what happens to channels ---

    def channel(self, name, **more):
        self.numbers += 1
        channel = Channel(f"{name}-{self.numbers:08x}", f"1795309168.{self.numbers}", **more)
        self.channels[channel.uniqueid] = channel
        return channel

    def dial(self, caller, device, ring=True):
        leg = self.channel(device, linkedid=caller.uniqueid, state=0)
        self.event("DialBegin", ("", caller), ("Dest", leg), DialString=device)
        if ring:
            leg.state = 5
            self.event("Newstate", ("", leg))
        return leg

    def end_dial(self, caller, leg, status):
        self.event("DialEnd", ("", caller), ("Dest", leg), DialStatus=status)

    def enter(self, channel, bridge):
        channel.bridge = bridge
        count = sum(other.bridge == bridge for other in self.channels.values())
        self.event("BridgeEnter", ("", channel), BridgeUniqueid=bridge, BridgeTechnology="simple_bridge",
                   BridgeNumChannels=count)

    def leave(self, channel):
        bridge, channel.bridge = channel.bridge, ""
        self.event("BridgeLeave", ("", channel), BridgeUniqueid=bridge, BridgeTechnology="simple_bridge")

    def join(self, *channels, bridge=None):
        bridge = bridge or f"bridge-{channels[0].uniqueid}"
        for channel in channels:
            self.enter(channel, bridge)

    def answer(self, caller, leg):
        self.end_dial(caller, leg, "ANSWER")
        leg.state = 6
        self.join(leg, caller)

    def ask_hangup(self, channel):
        self.event("HangupRequest", ("", channel))

    def hang_up(self, channel, cause=16):
        if channel.bridge:
            self.leave(channel)
        del self.channels[channel.uniqueid]
        self.event("Hangup", ("", channel), Cause=cause)


class Held(threading.Thread):
    """A caller whom the dialplan has sent to FastAGI: answers its commands until it closes."""

    def __init__(self, port, channel, *arguments, script="route", unanswered=None):
        super().__init__(daemon=True)
        self.unanswered = unanswered  # how commands begin that last until answer()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.variables, self.commands, self.closed = {}, [], False
        lines = {"network": "yes", "network_script": script, "request": f"agi://127.0.0.1:{port}/{script}",
                 "channel": channel.name, "language": "en", "type": "PJSIP", "uniqueid": channel.uniqueid,
                 "version": "22.10.1", "callerid": "0312345678", "calleridname": "unknown",
                 "callingpres": "0", "callingani2": "0", "callington": "0", "callingtns": "0",
                 "dnid": "700", "rdnis": "unknown", "context": "najimi", "extension": "sales",
                 "priority": "3", "enhanced": "0.0", "accountcode": "", "threadid": "1",
                 **{f"arg_{number}": value for number, value in enumerate(arguments, 1)}}
        self.socket.sendall("".join(f"agi_{key}: {value}\n" for key, value in lines.items()).encode() + b"\n")
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            for line in self.socket.makefile(encoding="utf-8"):
                self.commands.append(line.strip())
                words = shlex.split(line)
                if words[:2] == ["EXEC", "MSet"]:
                    self.variables.update(pair.split("=", 1) for pair in words[2].split(","))
                if self.unanswered is None or not line.startswith(self.unanswered):
                    self.answer()
        self.closed = True
        self.socket.close()

    def answer(self):
        self.socket.sendall(b"200 result=0\n")

    def hang_up(self):
        with contextlib.suppress(OSError):
            self.socket.sendall(b"HANGUP\n")

    def wait_closed(self):
        """What the dialplan was told."""
        wait_until("the daemon lets the caller go", lambda: self.closed)
        return self.variables
