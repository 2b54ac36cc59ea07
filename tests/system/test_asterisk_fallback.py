"""A real Asterisk when there is no Najimi: its dialplan goes on by itself."""
import re

import pytest

from asterisk.rig import asterisk, telephones  # noqa: F401 fixtures


def happened(sipp):
    return [what for what, _, _ in sipp.happened()]


def test_without_a_daemon_callers_are_taken_by_app_queue(asterisk, telephones):  # noqa: F811
    alice = telephones.phone("alice", talk=300)
    caller = telephones.call("0312345678").finish()
    assert happened(alice) == ["rings", "answered", "hung_up"]
    assert happened(caller) == ["called", "answered", "ended"]


@pytest.mark.parametrize("extension, queue, agent", [(700, "sales", "bob"), (701, "support", "dave")])
def test_app_queue_has_the_agents_of_the_queue(asterisk, telephones, extension, queue, agent):  # noqa: F811
    phone = telephones.phone(agent, talk=300)  # nobody else's telephone is there
    for other in {"sales": ("alice",), "support": ("bob", "carol")}[queue]:
        telephones.phone(other, status="486 Busy Here")
    caller = telephones.call("0312345678", extension=extension).finish()
    assert happened(phone) == ["rings", "answered", "hung_up"]
    assert happened(caller) == ["called", "answered", "ended"]
    assert asterisk.manager.find("AgentConnect", Queue=queue)


def test_asterisk_finds_nothing_wrong_with_our_files(asterisk):  # noqa: F811
    readers = r"(pbx_config|manager|app_queue|res_sorcery_config|config_options|chan_pjsip)\.c:"
    complaints = [line for line in asterisk.said().splitlines()
                  if re.search(rf"(WARNING|ERROR).*({readers}|etc/najimi/)", line) and "users.conf" not in line]
    assert not complaints, "\n".join(complaints)
    for what, found in {"dialplan show najimi": "'_[a-zA-Z0-9].'", "manager show user najimi": "najimi",
                        "queue show sales": "PJSIP/alice",
                        "pjsip show endpoint trunk": "trust_id_inbound"}.items():
        assert found in asterisk.console(what), what
