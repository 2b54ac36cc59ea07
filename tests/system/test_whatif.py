"""najimictl whatif on a stream of contacts in a real Redis, and the daemon's page of it."""
import calendar
import http.client
import json
import os
import pathlib
import shutil
import struct
import subprocess
import time
import xml.etree.ElementTree as xml

import pytest

from browser import Browser
from clientele import Clientele
from daemon import PATIENCE, Daemon, wait_until

SOURCE = pathlib.Path(__file__).resolve().parents[2]
STREAM = "najimi:{main}:contacts"
RATE_60 = 'sticky = { policy = "rate"; value = "60s"; };'


def run(program, *words, code=0, **more):
    done = subprocess.run([program, "whatif", *map(str, words)], capture_output=True, text=True,
                          timeout=300, **more)
    assert done.returncode == code, (done.returncode, done.stderr, done.stdout)
    return done


@pytest.fixture(scope="module")
def clientele():
    return Clientele(time.time(), calls=2500, days=14, agents=8, customers=80, load=0.85)


@pytest.fixture
def stream(redis_server, clientele):
    """The contacts, as the daemon would have written them; and what does not belong to them."""
    pipe = redis_server.client().pipeline(transaction=False)
    for number, contact in enumerate(clientele.contacts):
        at = calendar.timegm(time.strptime(contact["ended_at"][:19], "%Y-%m-%dT%H:%M:%S"))
        pipe.xadd(STREAM, {"contact": json.dumps(contact)}, id=f"{at * 1000}-{number}")
        if number % 100 == 0:
            pipe.xadd(STREAM, {"disposition": json.dumps({"v": 1, "contact": contact["contact"]})},
                      id=f"{at * 1000}-{number + 1000000}")
    pipe.execute()
    return redis_server


@pytest.fixture
def whatif(program, tools, stream, tmp_path):
    """Runs whatif with the configuration of a site that has this stream; no daemon is there."""
    site = Daemon(program, tmp_path / "site", redis=stream, options={"queue": RATE_60 + ' wrapup = "5s";'})

    def ask(*words, **more):
        return run(tools / "najimictl", "--config", site.config, "--since", "15d", *words, **more)
    return ask


def runs_of(document, kind):
    return {run["name"]: run for run in document["runs"] if run["kind"] == kind}


# --- what it says ---


def test_more_value_brings_more_reunions_and_none_is_off(whatif, clientele):
    document = json.loads(whatif("--json", "--value", "0..300:50").stdout)
    assert document["v"] == 1 and document["site"] == "main" and document["queue"] is None
    assert document["calls"] == len(clientele.contacts) == document["entries"]["read"]
    assert document["entries"]["unreadable"] == 0
    assert document["agents"] == 8 and document["agents_changed"] == 0
    assert document["from"] < document["counted_from"] < document["to"]

    values = list(runs_of(document, "value").values())
    assert [run["setting"]["value_s"] for run in values] == [0, 50, 100, 150, 200, 250, 300]
    shares = [run["reunited_present"] for run in values]
    for less, more in zip(shares, shares[1:]):
        assert more > less - 0.04, shares  # beyond chance it never falls
    assert shares[-1] > shares[0] + 0.1
    assert values[0]["extra_wait_s"] == 0 and values[0]["setting"]["words"] == "rate, value 0s, " \
        "budgets 1m and 1m, credit 2m"
    for run in document["runs"]:
        assert run["returning"] > 300 and 0 < run["present"] <= run["returning"]
        assert 0 <= run["reunited"] <= 1 and 0 <= run["service_level"] <= 1
        assert set(run["wait_mean_s"]) == {"all", "returning", "other"} == set(run["wait_p95_s"])

    # The play of what was is like what was.
    recorded = document["recorded"]["wait_mean_s"]
    assert values[0]["wait_mean_s"]["all"] == pytest.approx(recorded, rel=0.3)


def test_the_present_setting_is_the_configurations(whatif):
    document = json.loads(whatif("--json", "--value", "60").stdout)
    present = runs_of(document, "present")["present"]
    same = runs_of(document, "value")["value 60"]
    assert present["setting"] == same["setting"] and present["setting"]["value_s"] == 60
    for figure in "reunited_present", "wait_mean_s", "abandoned", "extra_wait_s":
        assert present[figure] == same[figure]
    presets = runs_of(document, "preset")
    assert list(presets)[:3] == ["neutral", "balanced", "sticky"]
    assert presets["sticky"]["setting"]["wait_idle_s"] == 120


def test_off_is_a_value_of_nothing(program, tools, stream, tmp_path):
    site = Daemon(program, tmp_path / "site", redis=stream,
                  options={"queue": 'sticky = { policy = "off"; };'})
    done = run(tools / "najimictl", "--config", site.config, "--since", "15d", "--value", "0", "--json")
    document = json.loads(done.stdout)
    present, zero = (runs_of(document, kind) for kind in ("present", "value"))
    for figure in "reunited", "reunited_present", "wait_mean_s", "wait_p95_s", "service_level":
        assert present["present"][figure] == zero["value 0"][figure]
    assert present["present"]["setting"]["words"] == "off"


def test_people_get_a_table_and_a_plot(whatif):
    text = whatif("--value", "0..300:100", env={"LC_ALL": "C.UTF-8", "COLUMNS": "100"}).stdout
    assert "calls by 8 agents" in text and "As recorded: mean wait" in text
    assert "Present setting: rate, value 1m" in text
    rows = {line[:23].strip() for line in text.splitlines()}
    assert {"value 0", "value 300", "present", "neutral", "balanced", "sticky"} <= rows
    assert "◆" in text and "●0" in text and "mean wait of all answered callers, seconds" in text
    assert max(map(len, text.splitlines())) <= 110
    plain = whatif("--value", "0..300:100", env={"LC_ALL": "C"}).stdout
    assert plain.isascii() and "@" in plain


def test_agents_more_and_less(whatif):
    def waits(*words):
        document = json.loads(whatif("--json", "--value", "0", *words).stdout)
        return document["agents_changed"], document["runs"][0]["wait_mean_s"]["all"]

    usual, more, fewer = waits(), waits("--agents", "+2"), waits("--agents", "-1")
    assert (usual[0], more[0], fewer[0]) == (0, 2, -1)
    assert more[1] < usual[1] < fewer[1]
    assert "only 8 agents" in whatif("--agents", "-8", code=1).stderr


def test_one_queue_is_counted_alone(whatif):
    document = json.loads(whatif("--json", "--value", "0..300:300", "--queue", "support").stdout)
    assert document["queue"] == "support"
    whole = json.loads(whatif("--json", "--value", "0..300:300").stdout)
    assert 0.3 < document["runs"][0]["returning"] / whole["runs"][0]["returning"] < 0.7
    assert "no contact of the queue 'nowhere'" in whatif("--queue", "nowhere", code=1).stderr


def test_pictures_are_whole(whatif, tmp_path):
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    done = whatif("--value", "0..300:100", "--svg", svg, "--png", png)
    assert done.stdout
    root = xml.parse(svg).getroot()
    assert root.tag.endswith("svg") and float(root.get("width").rstrip("px")) >= 600
    assert sum(1 for _ in root.iter()) > 50
    head = png.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:24])
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and width >= 600 and height >= 400
    assert "/nowhere/x.svg" in whatif("--value", "0", "--svg", "/nowhere/x.svg", code=1).stderr


def test_a_file_says_the_same_as_the_stream(whatif, clientele, tmp_path):
    dump = tmp_path / "contacts.jsonl"
    dump.write_text("".join(json.dumps(contact) + "\n" for contact in clientele.contacts))
    of_file = json.loads(whatif("--json", "--value", "100", "--from", dump).stdout)
    of_stream = json.loads(whatif("--json", "--value", "100").stdout)
    assert of_file["runs"] == of_stream["runs"]


def test_a_program_can_follow_the_progress(whatif):
    said = whatif("--json", "--progress", "--value", "0..300:100").stderr.splitlines()
    shares = [int(line.split()[1]) for line in said]
    assert said and all(line.startswith("progress ") for line in said)
    assert shares == sorted(shares) and shares[-1] <= 100


# --- Redis ---


def test_redis_is_read_in_pieces_and_nothing_else_is_done(whatif, stream):
    before = stream.client().info("commandstats")
    whatif("--value", "0")
    after = stream.client().info("commandstats")
    changed = {name for name in after if after[name]["calls"] != before.get(name, {"calls": 0})["calls"]}
    assert changed <= {"cmdstat_xrange", "cmdstat_info", "cmdstat_client|setinfo"}
    assert after["cmdstat_xrange"]["calls"] >= 4


def test_the_configured_user_may_read(program, tools, stream, tmp_path):
    line = (SOURCE / "conf" / "acl.redis").read_text().splitlines()[-1]
    stream.client().execute_command("ACL", "SETUSER", *line.split()[1:])
    site = Daemon(program, tmp_path / "site", redis=stream,
                  options={"redis": 'user = "najimi"; password = "change-me";'})
    assert "calls by 8 agents" in run(tools / "najimictl", "--config", site.config, "--since", "15d",
                                      "--value", "0").stdout
    site.options = {"redis": 'user = "najimi"; password = "wrong";'}
    site.write_config()
    assert "Redis: AUTH: WRONGPASS" in run(tools / "najimictl", "--config", site.config, code=1).stderr


def test_an_entry_that_cannot_be_read_stops_nothing(whatif, stream):
    stream.client().xadd(STREAM, {"contact": "nonsense"})
    stream.client().xadd(STREAM, {"contact": '{"outcome":"lost","arrived_at":"now"}'})
    document = json.loads(whatif("--json", "--value", "0").stdout)
    assert document["entries"]["unreadable"] == 2
    assert "2 entries could not be read, the first because" in whatif("--value", "0").stdout


# --- what it refuses ---


def test_what_is_wrong_is_said(whatif, tools, stream, tmp_path):
    assert "--value: '9..5' is no range" in whatif("--value", "9..5", code=2).stderr
    assert "calls are too few to say anything: it takes 200" in whatif("--since", "1m", code=1).stderr
    assert "/nowhere.conf" in run(tools / "najimictl", "--config", "/nowhere.conf", code=1).stderr
    assert "/nowhere.json" in whatif("--from", "/nowhere.json", code=1).stderr
    stream.stop()
    assert "Redis at " in whatif(code=3).stderr


# --- the daemon's page ---


@pytest.fixture
def site(make_daemon, stream):
    """A daemon whose centre has this past."""
    return make_daemon(redis=stream, options={"queue": RATE_60 + ' wrapup = "5s";'}).start()


def get(site, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.http_port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def played(site, path, **headers):
    """The answer once it is there, and what was said until then."""
    said = []

    def over():
        answer = get(site, path, **headers)
        if answer.status != 202:
            return answer
        said.append(json.loads(answer.body))
        time.sleep(0.05)
        return None
    return wait_until(path, over, timeout=300), said


def children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_the_daemon_has_it_played(site, whatif):
    answer, said = played(site, "/v1/whatif?since=15d&value=0..300:100")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
    assert said and all(one["state"] == "playing" for one in said)
    shares = [one["progress"] for one in said]
    assert shares == sorted(shares) and 0 <= shares[0] and shares[-1] <= 1
    document = json.loads(answer.body)
    assert document["runs"] == json.loads(whatif("--json", "--value", "0..300:100").stdout)["runs"]
    again = get(site, "/v1/whatif?value=0..300:100&since=15d")
    assert again.status == 200 and again.body == answer.body
    site.reload()
    assert get(site, "/v1/whatif?value=0..300:100&since=15d").status == 202


def test_what_is_wrong_is_said_to_browsers_as_well(site):
    for query, status, words in (("value=9..5", 400, "is no range"), ("speed=1", 400, "none of since"),
                                 ("since=1m", 422, "calls are too few"),
                                 ("since=15d&queue=nowhere", 422, "no contact of the queue")):
        answer, _ = played(site, "/v1/whatif?" + query)
        problem = json.loads(answer.body)
        assert answer.status == status == problem["status"] and words in problem["detail"]


def test_nobody_waits_for_the_play(site):
    pbx = site.pbx()

    def pings(enough):
        took = []
        while not enough(took):
            before = time.perf_counter()
            pbx.call("ping")
            took.append(time.perf_counter() - before)
        return sorted(took)

    quiet = pings(lambda took: len(took) >= 300)
    assert get(site, "/v1/whatif?since=15d").status == 202
    child, = children(site.process.pid)
    busy = pings(lambda took: len(took) >= 300 and is_gone(child))
    assert busy[len(busy) // 2] < 5 * quiet[len(quiet) // 2] + 0.005
    assert busy[int(len(busy) * 0.99)] < 0.1
    assert played(site, "/v1/whatif?since=15d")[0].status == 200


def test_the_play_ends_with_the_daemon(site):
    assert get(site, "/v1/whatif?since=15d").status == 202
    child, = children(site.process.pid)
    assert site.stop() == 0
    assert is_gone(child)
    site.start()
    assert get(site, "/v1/whatif?since=15d").status == 202
    child, = children(site.process.pid)
    site.kill()
    wait_until("the end of the play", lambda: is_gone(child))


def test_it_takes_a_token_where_others_do(make_daemon, stream):
    site = make_daemon(redis=stream, more="""clients = (
        { name = "*"; role = "observer"; token = "see"; }, { name = "*"; role = "pbx"; token = "ring"; } );""")
    site.config.write_text(site.config.read_text().replace(f'listen = "127.0.0.1:{site.http_port}"',
                                                           f'listen = "0.0.0.0:{site.http_port}"'))
    site.start()
    path = "/v1/whatif?since=15d&value=60"
    assert get(site, path).status == 401
    assert get(site, path, Authorization="Bearer ring").status == 403
    assert played(site, path, Authorization="Bearer see")[0].status == 200
    # A browser without one gets the page all the same: it is where people enter it.
    page = get(site, "/whatif")
    assert page.status == 401 and page.headers["WWW-Authenticate"].startswith("Bearer")
    assert b'name="token"' in page.body and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert get(site, "/whatif", Authorization="Bearer see").status == 200
    assert get(site, "/whatif", Authorization="Bearer ring").status == 403


@pytest.fixture(scope="module")
def driven(program):
    browser = Browser(pathlib.Path(program).parent)
    yield browser
    browser.close()


@pytest.mark.parametrize("locale, language, head, axis", [
    ("en-GB", "en", "What if?", "mean wait of all answered callers, seconds"),
    ("ja-JP", "ja", "もしも…", "応答した全発信者の平均待ち時間（秒）")])
def test_it_speaks_the_readers_language(site, driven, locale, language, head, axis):
    driven.ask("open", url=f"http://127.0.0.1:{site.http_port}/whatif", width=1280, height=900, locale=locale)
    driven.wait("!document.getElementById('found').hidden", timeout=300)
    assert driven.evaluate("document.documentElement.lang") == language and driven.text("h1") == head
    assert axis in driven.evaluate("document.getElementById('plot').textContent")
    # Every word is there, in every language, and none is left as it stands in the file.
    tables = driven.evaluate("TEXTS")
    assert list(tables["en"]) == list(tables["ja"])
    said = driven.evaluate("[...document.querySelectorAll('[data-say]')].map((e) => [e.dataset.say, e.textContent])")
    assert len(said) > 20 and all(tables[language][key] == text for key, text in said)
    assert "{" not in driven.text("#head") and driven.evaluate("document.querySelectorAll('#rows tr').length") > 5
    assert driven.trouble() == []
    driven.picture(f"whatif-{language}", whole=True)


def test_a_browser_draws_it(site, tmp_path):
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium (Debian package) is not installed")
    assert get(site, "/whatif").status == 200
    assert played(site, "/v1/whatif?since=14d&value=0..300")[0].status == 200
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile",
         "--virtual-time-budget=20000", "--dump-dom", f"http://127.0.0.1:{site.http_port}/whatif"],
        capture_output=True, text=True, timeout=300, env=dict(os.environ, HOME=str(tmp_path)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('<circle class="value"') == 13
    assert '<circle class="present"' in done.stdout and '<tr class="present">' in done.stdout
    assert "mean wait of all answered callers, seconds" in done.stdout
    assert "by 8 agents" in done.stdout
