"""najimi-asterisk(7), from nothing to the first reunion: what the page says a new user does, is done."""
import os
import pathlib
import re
import subprocess

from asterisk.asterisk import PHONES, SECRET
from asterisk.rig import asterisk, centre, telephones  # noqa: F401 fixtures
from daemon import wait_until

PAGE = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "man" / "najimi-asterisk.7"


def examples():
    """The page's examples, by the first word of each."""
    text = PAGE.read_text().replace("\\-", "-").replace("\\(dq", '"')
    return {block.split()[0]: block for block in re.findall(r"^\.EX\n(.*?)^\.EE$", text, re.S | re.M)}


def test_the_first_reunion(asterisk, centre, tools):  # noqa: F811
    page = examples()
    # 1. najimid.conf, and in it nothing but the secret is one's own; talks count here however short.
    centre.open_with(page["agi"].replace("change-me", SECRET),
                     options={"queue": 'wrapup = "0s"; sticky = { min_talk = "0s"; };'})
    check = subprocess.run([centre.program, "--check", centre.daemon.config], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    # 2. The files of conf/asterisk are there, as they are for all tests here.
    assert [line.split('"')[1] for line in page["#include"].splitlines()] == [
        "najimi/extensions.conf", "najimi/manager.conf"]
    # 3. and 4. The trunk's calls.
    number = page["exten"].split(",")[0].split()[-1]
    with open(asterisk.run / "etc/extensions.conf", "a") as dialplan:
        dialplan.write(f"\n[from-trunk](+)\n{page['exten']}")
    asterisk.console("core reload")

    def najimictl(*words):
        env = dict(os.environ, NAJIMI_HOST=f"127.0.0.1:{centre.daemon.rpc_port}")
        return subprocess.run([tools / "najimictl", *words], env=env, check=True, capture_output=True,
                              text=True).stdout

    assert "asterisk pbx is up, 0 callers held" in najimictl("status")
    # 5. Alice and Bob dial *81, somebody rings, and rings again.
    phones = {agent: centre.telephones.phone(agent, ring=100) for agent in ("alice", "bob")}
    for agent in phones:
        centre.call(agent, extension="*81", trunk=PHONES[agent]).finish()
        centre.wait_state(agent, "ready")
        assert re.search(rf"{agent}.*ready", najimictl("agents"))
    centre.call("0398765432", extension=number, talk=300).finish()
    first = centre.record()
    assert first["sticky"] == "new"
    wait_until("both are free", lambda: centre.state("alice") == centre.state("bob") == "ready")
    centre.call("0398765432", extension=number, talk=300).finish()
    second = centre.record()
    assert (second["agent"], second["sticky"]) == (first["agent"], "own")
    assert len(phones[first["agent"]].happened("answered")) == 2
    assert "own" in najimictl("contacts", "--config", centre.daemon.config)
