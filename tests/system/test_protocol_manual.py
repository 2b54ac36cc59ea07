"""The dialogues of najimi-protocol(7) are true: each is played against a daemon, and what the page shows of an answer
is in the answer."""
import json
import pathlib
import re

import pytest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "man" / "najimi-protocol.7"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def dialogues():
    """The examples that have a request in them, each as a list of (sent, message)."""
    for block in re.findall(r"^\.EX\n(.*?)^\.EE$", PAGE.read_text(), re.S | re.M):
        turns = []
        for line in block.replace("\\-", "-").replace("\\(dq", '"').splitlines():
            if line.startswith(("-> ", "<- ")):
                turns.append([line.startswith("->"), line[3:]])
            elif turns:
                turns[-1][1] += line.strip()
        if turns:
            yield [(sent, json.loads(text)) for sent, text in turns]


def check(shown, got, where):
    """What is shown is there. "..." stands for any text, an instant for any instant."""
    if isinstance(shown, dict):
        assert isinstance(got, dict), where
        for name, value in shown.items():
            assert name in got, f"{where}.{name} is not in {got}"
            check(value, got[name], f"{where}.{name}")
    elif isinstance(shown, list):
        assert len(shown) == len(got), f"{where}: {got}"
        for i, value in enumerate(shown):
            check(value, got[i], f"{where}.{i}")
    elif shown == "...":
        assert isinstance(got, str) and got, where
    elif isinstance(shown, str) and INSTANT.fullmatch(shown):
        assert INSTANT.fullmatch(got), where
    else:
        assert got == shown, f"{where} is {got!r}, not {shown!r}"


ALL = list(dialogues())


def test_the_page_has_dialogues():
    assert len(ALL) > 8


@pytest.mark.parametrize("number", range(len(ALL)))
def test_dialogue_is_true(make_daemon, redis_server, number):
    # However slow the machine is, callers are to be known before they are routed.
    daemon = make_daemon(redis=redis_server, options={"recall": 'max = "5s";'}).start()
    with daemon.client() as client:
        for sent, message in ALL[number]:
            if sent:
                client.send_message(message)
            else:
                check(message, client.read_message(), "")


def test_every_method_of_the_daemon_is_on_the_page():
    table = (PAGE.parents[1] / "link" / "rpc_methods.c").read_text()
    page = PAGE.read_text()
    for method in re.findall(r'^\t\{ "([a-z]+\.?[a-z]*)",', table, re.M):
        assert method in page, method
