"""A client of Asterisk's manager interface, with which tests look at Asterisk and meddle with it."""
import itertools
import socket
import threading

from daemon import PATIENCE, wait_until


class Refused(Exception):
    """Asterisk's answer was an error."""


class Manager:
    """Reads in a thread of its own; `events` has all there were, each a dict."""

    def __init__(self, user="test", secret="test", address=("127.0.0.1", 5038)):
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.settimeout(None)
        self.events, self.answers, self.numbers = [], {}, itertools.count(1)
        self.closed = False
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.ask("Login", Username=user, Secret=secret)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was the first to go
        self.reader.join(timeout=10)
        self.socket.close()

    def read(self):
        unread = b""
        while True:
            try:
                data = self.socket.recv(1 << 16)
            except OSError:
                data = b""
            if not data:
                self.closed = True
                return
            unread += data
            while b"\r\n\r\n" in unread:
                block, unread = unread.split(b"\r\n\r\n", 1)
                self.take(block.decode(errors="replace"))

    def take(self, block):
        message = {}
        for line in block.split("\r\n"):
            name, colon, value = line.partition(":")
            if colon:
                value = value.strip()
                message[name] = f"{message[name]}\n{value}" if name == "Output" and name in message else value
        if "Event" in message:
            self.events.append(message)
        elif "Response" in message:
            self.answers[message.get("ActionID")] = message

    def ask(self, action, **about):
        """The answer to an action; Variable may be a list."""
        number = f"t-{next(self.numbers)}"
        lines = [f"Action: {action}", f"ActionID: {number}"]
        for name, value in about.items():
            lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = wait_until(f"answer to {action}", lambda: self.answers.pop(number, None))
        if answer["Response"] == "Error":
            raise Refused(f"{action} {about}: {answer.get('Message')}")
        return answer

    def command(self, line):
        return self.ask("Command", Command=line).get("Output", "")

    def find(self, event, **members):
        """All events so far of that name with those members."""
        return [one for one in list(self.events) if one["Event"] == event and
                all(one.get(name) == value for name, value in members.items())]

    def wait(self, event, timeout=PATIENCE, **members):
        """The first such event since ever."""
        return wait_until(f"event {event} {members}", lambda: self.find(event, **members), timeout)[0]

    def channels(self):
        """Names of the channels that live."""
        lines = self.command("core show channels concise").splitlines()
        return [line.split("!")[0] for line in lines if "!" in line]
