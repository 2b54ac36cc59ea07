"""Fixtures: the daemon under test is named by NAJIMID (a path), as ctest sets it."""
import datetime
import os
import pathlib
import sys
import time

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "daemon" / "tools"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from daemon import Daemon  # noqa: E402
from redis_server import RedisServer  # noqa: E402


def noon():
    """A zone in which it is soon after noon: figures go by the site's day and hour, and none of them ends while we
    look. Those who want to see midnight have a zone of their own."""
    now = datetime.datetime.now(datetime.timezone.utc)
    west = round((now - now.replace(hour=12, minute=5, second=0)).total_seconds())
    return f"NOON{'-' if west < 0 else ''}{abs(west) // 3600}:{abs(west) // 60 % 60:02}:{abs(west) % 60:02}"


os.environ["TZ"] = noon()
time.tzset()


@pytest.fixture(scope="session")
def program():
    path = os.environ.get("NAJIMID")
    if not path:
        pytest.exit("NAJIMID must name the najimid under test", returncode=2)
    return path


@pytest.fixture(scope="session")
def tools(program):
    """The folder of najimictl, najimi-replay and najimi-bench."""
    return pathlib.Path(os.environ.get("NAJIMI_TOOLS", pathlib.Path(program).parent / "daemon" / "tools"))


@pytest.fixture
def redis_server(tmp_path):
    server = RedisServer(tmp_path / "redis-server").start()
    yield server
    server.stop()


@pytest.fixture
def make_daemon(program, tmp_path):
    """Makes daemons that are stopped at the end of the test, cleanly if they still live."""
    made = []

    def make(folder="daemon", **more):
        daemon = Daemon(program, tmp_path / folder, **more)
        made.append(daemon)
        return daemon

    yield make
    for daemon in made:
        if daemon.alive():
            assert daemon.stop() == 0, daemon.log_text()


@pytest.fixture
def daemon(make_daemon, redis_server):
    return make_daemon(redis=redis_server).start()
