"""What najimi-metrics(7) says of service levels is what a real Prometheus makes of our metrics."""
import pathlib
import re
from datetime import datetime, timedelta, timezone

from daemon import wait_until
from prometheus import Prometheus, program
from test_http import get

PAGE = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "man" / "najimi-metrics.7"


def expressions():
    """The page's examples that are PromQL, with the per cent that stand before some."""
    figure = None
    for line in re.split(r"^(?=\.TP|\.EX|\.SH)", PAGE.read_text(), flags=re.M):
        tag = re.match(r"\.TP\n([\d.]+) %\n", line)
        example = re.match(r"\.EX\n(.*?)\.EE", line, re.S)
        if tag:
            figure = float(tag.group(1))
        elif example:
            if "najimi_" in example.group(1):
                yield figure, example.group(1)
            figure = None
        else:
            figure = None


def test_the_page_names_every_family_of_queues(daemon):
    page = PAGE.read_text()
    text = get(daemon, "/metrics").body.decode()
    families = {re.sub(r"_(bucket|count|sum)$", "", name)
                for name in re.findall(r"^(najimi_\w+)\{queue=", text, re.M)}
    assert len(families) >= 35
    assert [name for name in families if name not in page] == []


def test_the_page_names_nothing_that_is_not_there(daemon):
    wait_until("what is known of contacts", lambda: b"\nnajimi_contacts_maturing" in get(daemon, "/metrics").body)
    known = set(re.findall(r"^(?:# TYPE )?(najimi_\w+)", get(daemon, "/metrics").body.decode(), re.M))
    named = re.findall(r"(?<!:)\bnajimi_\w+(?!\w)(?!:)", PAGE.read_text())
    assert len(named) > 80
    assert {name for name in named if not name.endswith("_")} - known == set()


def test_the_worked_figures_of_service_levels(make_daemon, redis_server, tmp_path):
    program("prometheus")
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; service_level = "20s"; short_abandon = "5s"; sticky = { policy = "off"; };',
        "log": 'level = "info";'}).start()
    prometheus = Prometheus(tmp_path / "prometheus", daemon.http_port, "200ms").start()
    pbx = daemon.pbx()
    number = 0

    def call(waited, answered):
        nonlocal number
        number += 1
        arrived = datetime.now(timezone.utc) - timedelta(seconds=waited)
        decision = pbx.call("call.arrive", call_id=f"c{number}", queue="sales",
                            arrived_at=arrived.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        if answered:
            pbx.call("call.answered", call_id=f"c{number}", offer=decision["offer"])
        pbx.call("call.ended", call_id=f"c{number}", by="caller")

    # 1000 answered, 860 in time; 60 abandoned, 20 within T, 10 of these soon.
    for waited, count in (0, 10), (10, 10), (30, 40):
        for _ in range(count):
            call(waited, False)
    pbx.call("agent.login", agent="alice", target="a", queues=["sales"], state="ready")
    for waited, count in (0, 860), (30, 140):
        for _ in range(count):
            call(waited, True)
    try:
        wait_until("prometheus has seen all calls", lambda: [
            value for _, value in prometheus.query("sum(najimi_calls_completed_total)") if value == 1060])
        found = {}
        for figure, expression in expressions():
            samples = {labels.get("queue"): value for labels, value in prometheus.query(expression)}
            if figure is not None:
                found[figure] = round(samples["sales"] * 100, 1)
        assert found == {figure: figure for figure in (81.1, 81.9, 82.1, 82.7, 83.0, 86.0)}
    finally:
        prometheus.stop()
