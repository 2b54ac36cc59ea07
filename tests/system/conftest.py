"""Fixtures: the daemon under test is named by NAJIMID (a path), as ctest sets it."""
import os
import pathlib
import sys

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "daemon" / "tools"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from daemon import Daemon  # noqa: E402
from redis_server import RedisServer  # noqa: E402


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
