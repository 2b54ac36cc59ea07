"""What daemon/try.sh shows, without its installing and building."""
import pathlib
import subprocess
import sys

CENTRE = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "tools" / "small_centre.py"


def test_small_centre_shows_callers_agents_and_own_agent_share_and_ends_by_itself(program, tmp_path):
    run = subprocess.run([sys.executable, str(CENTRE), program, "--for", "12s"], capture_output=True,
                         text=True, timeout=300, env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)})
    assert run.returncode == 0, run.stdout + run.stderr
    lines = [line for line in run.stdout.splitlines() if "callers: waiting" in line]
    assert len(lines) >= 3, run.stdout
    assert "service level" in lines[-1] and "agents: ready" in lines[-1]
    assert "http://127.0.0.1:" in run.stdout
    assert list(tmp_path.iterdir()) == [], "it leaves something behind"


def test_wrong_duration_is_said(program):
    run = subprocess.run([sys.executable, str(CENTRE), program, "--for", "soon"], capture_output=True, text=True)
    assert run.returncode == 2 and "'soon' is no duration" in run.stderr
