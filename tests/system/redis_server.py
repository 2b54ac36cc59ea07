"""A real redis-server on a Unix socket, with an append-only file, in a temporary folder. No machine loses its power
here: nobody waits for a disk that others write to."""
import pathlib
import subprocess

import redis

from daemon import PATIENCE, wait_until


class RedisServer:
    def __init__(self, folder, *arguments):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket = str(self.folder / "redis.sock")
        self.arguments = list(arguments)
        self.process = None

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir",
                 str(self.folder), "--appendonly", "yes", "--appendfsync", "no", "--save", "", *self.arguments],
                stdout=log, stderr=log)
        wait_until("redis-server", self.answers)
        return self

    def answers(self):
        try:
            return self.client().ping()
        except redis.exceptions.ConnectionError as error:
            return "auth" in str(error).lower()
        except redis.exceptions.ResponseError:
            return True  # it refuses us, so it is there

    def client(self, **more):
        return redis.Redis(unix_socket_path=self.socket, decode_responses=True, **more)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE)
            self.process = None
