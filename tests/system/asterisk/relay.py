"""A way between two that can be cut: TCP from one address to another."""
import socket
import threading


class Relay:
    def __init__(self, listen, to):
        self.listen, self.to = listen, to
        self.listener, self.open = None, []
        self.guard = threading.Lock()

    def start(self):
        self.listener = socket.create_server(self.listen, reuse_port=True)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()
        return self

    def accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            try:
                far = socket.create_connection(self.to, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self.guard:
                self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    @staticmethod
    def carry(one, other):
        try:
            while data := one.recv(1 << 16):
                other.sendall(data)
        except OSError:
            pass  # cut, or gone
        for end in one, other:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other thread was first

    def cut(self):
        """All that is open ends, and nobody gets through until start()."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.guard:
            ends, self.open = self.open, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
