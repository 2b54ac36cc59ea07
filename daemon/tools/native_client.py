"""A client of najimid's native protocol, for the demonstration and the system tests.

Blocking, one connection, standard library only: what an integrator would write in an
afternoon from najimi-protocol(7)."""
import collections
import json
import socket
import time


class RpcError(Exception):
    """An error reply; `code` and `data` as the daemon sent them."""

    def __init__(self, error):
        super().__init__(f"{error['code']} {error.get('message', '')} {error.get('data', '')}")
        self.code = error["code"]
        self.data = error.get("data") or {}

    @property
    def reason(self):
        return self.data.get("reason")


class Disconnected(Exception):
    """The daemon closed the connection."""


class Client:
    def __init__(self, port, host="127.0.0.1", netstring=False, timeout=10.0):
        self.netstring = netstring
        self.timeout = timeout
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        self.last_id = 0
        self.replies = {}
        self.events = collections.deque()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- bytes ---

    def send_bytes(self, data):
        self.socket.sendall(data)

    def send_message(self, message):
        data = json.dumps(message, ensure_ascii=False).encode()
        self.send_bytes(b"%d:%s," % (len(data), data) if self.netstring else data + b"\n")

    def _cut(self):
        """The first whole message of what was read, or None."""
        if self.netstring:
            head, colon, rest = self.unread.partition(b":")
            if not colon or len(rest) < int(head) + 1:
                return None
            assert rest[int(head):int(head) + 1] == b",", rest
            self.unread = rest[int(head) + 1:]
            return rest[:int(head)]
        line, newline, rest = self.unread.partition(b"\n")
        if not newline:
            return None
        self.unread = rest
        return line

    def read_message(self, timeout=None):
        """The next message, whatever it is; None when none comes in time."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while (line := self._cut()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(1 << 16)
            except (TimeoutError, socket.timeout):
                return None
            except ConnectionError as error:
                raise Disconnected(str(error)) from error
            if not data:
                raise Disconnected("the daemon closed the connection")
            self.unread += data
        return json.loads(line)

    # --- requests ---

    def request(self, method, **params):
        """Sends without waiting; the id to wait for."""
        self.last_id += 1
        self.send_message({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params})
        return self.last_id

    def _sort(self, message):
        if isinstance(message, dict) and "method" in message:
            self.events.append(message)
        else:
            self.replies[message["id"]] = message

    def wait(self, request_id, timeout=None):
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while request_id not in self.replies:
            message = self.read_message(max(0, deadline - time.monotonic()))
            if message is None:
                raise TimeoutError(f"no reply to request {request_id}")
            self._sort(message)
        reply = self.replies.pop(request_id)
        if "error" in reply:
            raise RpcError(reply["error"])
        return reply["result"]

    def call(self, method, **params):
        return self.wait(self.request(method, **params))

    def open(self, name, role="pbx", token=None, **more):
        params = {"protocol": [1], "client": {"name": name, "version": "1"}, "role": role, **more}
        if token is not None:
            params["auth"] = {"method": "token", "token": token}
        return self.call("session.open", **params)

    # --- events ---

    def next_event(self, timeout=None):
        """The next notification's params, or None when none comes in time."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while not self.events:
            message = self.read_message(max(0, deadline - time.monotonic()))
            if message is None:
                return None
            self._sort(message)
        return self.events.popleft()["params"]

    def wait_event(self, kind, timeout=None, **members):
        """The next event of that type whose data has those members; others are dropped."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while (left := deadline - time.monotonic()) > 0:
            event = self.next_event(left)
            if event is None:
                break
            data = event.get("data", {})
            if event.get("type") == kind and all(data.get(k) == v for k, v in members.items()):
                return event
        raise TimeoutError(f"no {kind} with {members}")
