"""A network of our own: nothing but loopback, where every address of 127.0.0.0/8 and every port is
ours. Asterisk opens sockets on all addresses, whatever one tells it."""
import ctypes
import fcntl
import os
import socket
import struct

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP_RUNNING = 0x41

libc = ctypes.CDLL(None, use_errno=True)


def check(returned, what):
    if returned != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


class Namespace:
    """Between enter() and leave() this thread and all that it starts live there."""

    def __init__(self):
        self.before = None

    def enter(self):
        """OSError where this is not allowed."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            check(libc.unshare(CLONE_NEWNET), "unshare")
        except OSError:
            os.close(before)
            raise
        self.before = before
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))
        return self

    def leave(self):
        if self.before is not None:
            check(libc.setns(self.before, CLONE_NEWNET), "setns")
            os.close(self.before)
            self.before = None


def bound(address, port, kind="udp"):
    """Whether somebody in this network listens there."""
    wanted = socket.inet_aton(address)[::-1].hex().upper() + f":{port:04X}"
    with open(f"/proc/thread-self/net/{kind}") as table:
        return any(line.split()[1] == wanted and (kind == "udp" or line.split()[3] == "0A")
                   for line in list(table)[1:])
