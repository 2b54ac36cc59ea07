"""najimid as it is typed: what it prints, where it complains, how it ends."""
import resource
import socket
import subprocess

import pytest

from daemon import PATIENCE, wait_until


def run(program, *arguments, **more):
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE, **more)


@pytest.mark.parametrize("arguments", [["--nonsense"], ["-x"], ["one.conf", "two.conf"]])
def test_a_wrong_command_line_ends_with_64_and_nothing_on_standard_output(program, arguments):
    result = run(program, *arguments)
    assert result.returncode == 64 and result.stdout == "" and "najimid" in result.stderr


@pytest.mark.parametrize("path", ["/nonexistent/najimid.conf", "/", ""])
def test_a_file_that_cannot_be_read_ends_with_78(program, path):
    result = run(program, "--check", path)
    assert result.returncode == 78 and result.stderr.startswith("<3>najimid: ")


def test_what_is_dumped_is_a_configuration_that_dumps_the_same(program, tmp_path):
    sample, dump = tmp_path / "sample", tmp_path / "dump"
    sample.write_text(run(program, "--sample").stdout)
    assert run(program, "--check", str(sample)).returncode == 0
    dump.write_text(run(program, "--dump-config", str(sample)).stdout)
    assert run(program, "--dump-config", str(dump)).stdout == dump.read_text() != ""


@pytest.mark.parametrize("task", ["--sample", "--manual", "--version", "--help", "--dump-config"])
def test_output_that_cannot_be_written_is_a_failure(program, tmp_path, task):
    config = tmp_path / "conf"
    config.write_text('queues = ( { name = "sales"; } );')
    with open("/dev/full", "w") as full:
        result = subprocess.run([program, task, str(config)], stdout=full, stderr=subprocess.PIPE,
                                text=True, timeout=PATIENCE)
    assert result.returncode == 1 and "No space left" in result.stderr


def limited(program, folder, words):
    """The program under a limit of descriptors."""
    script = folder / "limited"
    script.write_text(f'#!/bin/sh\nulimit {words}\nexec {program} "$@"\n')
    script.chmod(0o755)
    return str(script)


def test_descriptors_are_raised_to_what_all_connections_need(make_daemon, redis_server, program, tmp_path):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < 2000:
        pytest.skip(f"no more than {hard} descriptors here")
    daemon = make_daemon(redis=redis_server)
    daemon.program = limited(program, tmp_path, "-S -n 100")
    daemon.start()
    assert resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)[0] >= 1200
    assert "descriptors.few" not in daemon.log_text()


def test_too_few_descriptors_are_told_and_a_crowd_harms_nobody_who_is_there(
        make_daemon, redis_server, program, tmp_path):
    daemon = make_daemon(redis=redis_server)
    daemon.program = limited(program, tmp_path, "-n 40")
    daemon.start()
    assert "allowed=40" in daemon.wait_log("descriptors.few")
    pbx = daemon.pbx()
    crowd = [socket.create_connection(("127.0.0.1", daemon.rpc_port)) for _ in range(60)]
    daemon.wait_log("listener.resting")
    assert pbx.call("call.arrive", call_id="c1", queue="sales", customer_id="k1")["action"] == "queue"
    for connection in crowd:
        connection.close()
    wait_until("who comes later is heard", lambda: daemon.pbx("late").call("ping"))
