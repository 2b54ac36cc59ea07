"""The wallboard in a real browser, at a real daemon: what it shows, and what when things go wrong."""
import http.client
import json
import pathlib
import signal
from datetime import datetime, timedelta, timezone

import pytest

from browser import Browser, SIZES
from daemon import PATIENCE, wait_until

PAGE_ALARMS = 'alarm = { waiting = 1; longest_wait = "1h"; };'


@pytest.fixture(scope="module")
def browser(program):
    browser = Browser(pathlib.Path(program).parent)
    yield browser
    browser.close()


def asked(daemon, path):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200
    document = json.loads(answer.read())
    connection.close()
    return document


def board_of(daemon):
    return asked(daemon, "/v1/wallboard")


def queue_of(daemon, name):
    return next(queue for queue in board_of(daemon)["queues"] if queue["name"] == name)


def url_of(daemon, hash_part=""):
    return f"http://127.0.0.1:{daemon.http_port}/{hash_part}"


@pytest.fixture
def centre(make_daemon, redis_server):
    """A busy morning: five answered (two by their own agents), one gave up, one talks, two wait."""
    daemon = make_daemon(redis=redis_server, options={
        "queue": 'wrapup = "0s"; sticky = { policy = "loose"; min_talk = "0s"; }; ' + PAGE_ALARMS}).start()
    pbx = daemon.pbx()
    daemon.pbx_of_test = pbx
    for agent, queues in ("alice", ["sales"]), ("bob", ["sales", "support"]), ("carol", ["support"]):
        pbx.call("agent.login", agent=agent, target=f"PJSIP/{agent}", queues=queues, state="ready")

    def answered(call, queue, number):
        offer = pbx.call("call.arrive", call_id=call, queue=queue, **{"from": number})["offer"]
        pbx.call("call.answered", call_id=call, offer=offer)
        pbx.call("call.ended", call_id=call, by="caller")

    for call, queue, number in (("a1", "sales", "0311111111"), ("a2", "support", "0322222222"),
                                ("a3", "sales", "0333333333"), ("a4", "sales", "0311111111"),
                                ("a5", "support", "0322222222")):
        answered(call, queue, number)
    pbx.call("agent.pause", agent="carol", reason="lunch")
    pbx.call("agent.pause", agent="bob", reason="lunch")
    offer = pbx.call("call.arrive", call_id="t1", queue="sales", **{"from": "0344444444"})["offer"]
    pbx.call("call.answered", call_id="t1", offer=offer)
    for call in "w1", "w2":
        pbx.call("call.arrive", call_id=call, queue="sales", **{"from": "0355555555"})
    pbx.call("call.arrive", call_id="g1", queue="support")
    pbx.call("call.ended", call_id="g1", by="caller")
    return daemon


# --- figures ---

# Where a figure on the page is in the JSON.
PLACES = {"waiting": ("waiting",), "expected": ("expected_wait_ms",), "holding": ("holding",),
          "service_level": ("today", "service_level"), "own_share": ("today", "own_share"),
          "reachable": ("today", "reachable_own_share"), "answered": ("today", "answered"),
          "abandoned": ("today", "abandoned"), "mean_wait": ("today", "mean_wait_ms"),
          "provisional": ("today", "fcr", "provisional"), "window": ("today", "fcr", "window_ms"),
         "final": ("today", "fcr", "final"), "holdout": ("holdout",),
          **{state: ("agents", state) for state in
             ("ready", "offered", "talking", "wrapup", "paused", "unreachable")}}


def place(part, name):
    for step in PLACES[name]:
        part = part[step]
    return part


def shown(browser, scope):
    """Each figure's value as the page took it, and its text."""
    return {name: (None if value == "null" else float(value), text) for name, value, text in browser.evaluate(
        f"[...document.querySelectorAll('{scope} .figure')].map((e) => [e.dataset.figure, e.dataset.value, e.innerText])")}


def assert_shown(browser, scope, find):
    """`find` asks the daemon, of what the page may hear a moment later."""
    differences = []

    def is_the_same():
        figures, part = shown(browser, scope), find()
        assert len(figures) >= 10
        differences[:] = [(name, value, place(part, name)) for name, (value, _) in figures.items()
                          if name in PLACES and value != place(part, name)]
        # It goes on while we look.
        if abs(figures["longest"][0] - part["longest_wait_ms"]) >= 15000:
            differences.append(("longest", figures["longest"][0], part["longest_wait_ms"]))
        return not differences and figures
    try:
        return wait_until("the page shows what the daemon says", is_the_same)
    except AssertionError as late:
        raise AssertionError(f"{scope}: {differences}") from late


def test_figures_are_those_of_the_json(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    board = wait_until("all is counted", lambda: (lambda b: b["whole"]["today"]["offered"] == 9 and b)(board_of(centre)))
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")
    whole = board["whole"]
    assert (whole["waiting"], whole["agents"]["talking"], whole["agents"]["paused"]) == (2, 1, 2)
    assert whole["today"]["service_level"] == 1 and whole["today"]["own_share"] == 1
    tiles = assert_shown(browser, "#tiles", lambda: board_of(centre)["whole"])
    assert tiles["waiting"][1] == "2" and tiles["service_level"][1].replace("\n", "") == "100%"
    for name in "sales", "support":
        assert_shown(browser, f'#queue-table [data-queue="{name}"]', lambda: queue_of(centre, name))
    hours = [hour for hour in whole["hours"] if hour["offered"]]
    for hour in hours:
        texts = browser.evaluate(f"Object.fromEntries([...document.querySelectorAll('#hours [data-hour=\"{hour['hour']}\"] td')]"
                                 ".map((e) => [e.dataset.of, e.textContent]))")
        assert texts["arrived"] == str(hour["offered"]) and texts["answered"] == str(hour["answered"])
    for name, value in ("arrived", 9), ("answered", 5), ("abandoned", 0):
        assert browser.evaluate(f"document.querySelector('[data-today={name}]').textContent") == str(value)
    assert browser.evaluate("document.querySelectorAll('.chart canvas').length") in (0, 5)
    assert browser.trouble() == []


def test_one_queue_alone_is_chosen_by_its_address(browser, centre):
    browser.open(url_of(centre, "#queue=support"))
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '2'")
    assert_shown(browser, "#tiles", lambda: queue_of(centre, "support"))
    assert browser.text("#queues [aria-current]") == "support"
    browser.click("#queues a:first-child")
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")


def test_the_whole_has_the_calls_of_a_queue_that_is_gone(browser, centre):
    """Its row goes, its calls of today do not, and who waits there waits; the calls are there after a restart, too."""
    centre.pbx_of_test.call("call.arrive", call_id="w3", queue="support")
    first = wait_until("all is counted", lambda: (lambda b: b["whole"]["today"]["offered"] == 10 and b)(board_of(centre)))
    centre.queues = 'queues = ( { name = "sales"; } );'
    centre.write_config()
    centre.reload()
    figures = "offered", "answered", "abandoned", "short_abandoned"

    def assert_whole(board):
        assert [queue["name"] for queue in board["queues"]] == ["sales"]
        whole = board["whole"]
        days = asked(centre, "/v1/stats?by=day")["rows"]
        for figure in figures:
            assert whole["today"][figure] == first["whole"]["today"][figure], figure
            assert whole["today"][figure] == sum(day[figure] for day in days), figure
            if figure in whole["hours"][0]:
                assert sum(hour[figure] for hour in whole["hours"]) == whole["today"][figure]

    assert_whole(board_of(centre))
    assert board_of(centre)["whole"]["waiting"] == 3
    browser.open(url_of(centre))
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")
    assert browser.text("[data-today=arrived]") == "10"
    centre.kill()
    centre.start()
    assert_whole(wait_until("the day is known", lambda: (lambda b: b["whole"]["today"] and b)(board_of(centre))))


def test_changes_arrive_by_themselves(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    centre.pbx_of_test.call("call.ended", call_id="w1", by="caller")
    browser.wait("document.querySelector('#tiles [data-figure=waiting]').dataset.value === '1'")


# --- alarms ---


def test_an_alarm_is_shown_marked_and_said_once(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    alarms = [alarm for alarm in board_of(centre)["alarms"] if alarm["what"] == "waiting"]
    assert alarms == [{"queue": "sales", "what": "waiting", "value": 2, "threshold": 1}]
    assert "sales: 2 waiting" in browser.text("#alarm-list") and "limit 1" in browser.text("#alarm-list")
    # Not by colour alone.
    assert "▲" in browser.text("#alarm-list")
    assert browser.text('[data-queue="sales"] th').startswith("▲")
    assert not browser.text('[data-queue="support"] th').startswith("▲")
    browser.wait("document.getElementById('news').textContent.includes('sales: 2 waiting')")
    browser.evaluate("window.said = 0; new MutationObserver(() => window.said++).observe(document.getElementById('news'),"
                     " { childList: true, characterData: true, subtree: true })")
    # More of the same is no news.
    centre.pbx_of_test.call("call.arrive", call_id="w3", queue="sales")
    browser.wait("document.querySelector('#alarm-list').innerText.includes('3 waiting')")
    for call in "w1", "w2", "w3":
        centre.pbx_of_test.call("call.ended", call_id=call, by="caller")
    browser.wait("document.getElementById('alarms').hidden")
    browser.wait("document.getElementById('news').textContent === 'No alarm any more.'")
    assert browser.evaluate("window.said") == 1


# --- the connection ---


def test_a_lost_connection_is_said_and_comes_back_by_itself(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")
    browser.evaluate("window.same = true")
    centre.kill()
    browser.wait("document.body.dataset.state === 'lost'")
    browser.wait("document.getElementById('banner').innerText.includes('Connection lost')")
    browser.wait("/These figures are (0:0[3-9]|0:[1-5]\\d|[1-9]\\d*:\\d\\d) old/.test(document.getElementById('banner').innerText)")
    assert browser.evaluate("getComputedStyle(document.getElementById('board')).filter") == "grayscale(1)"
    assert browser.text("#tiles [data-figure=waiting]") == "2"
    browser.picture("lost")
    centre.start()
    browser.wait("document.body.dataset.state === 'live' && document.getElementById('banner').hidden")
    assert browser.evaluate("window.same") is True, "it loaded the page again"
    assert_shown(browser, "#tiles", lambda: board_of(centre)["whole"])


def test_who_stands_by_says_who_leads(browser, make_daemon, centre):
    other = make_daemon("other", redis=centre.redis).start(wait=False)
    other.wait_log("lease.standing_by")
    browser.open(url_of(other))
    browser.wait(f"document.getElementById('banner').innerText.includes('127.0.0.1:{centre.rpc_port} leads')")
    browser.picture("stands-by")
    centre.kill()
    other.wait_log("daemon.ready")
    browser.wait("document.getElementById('banner').hidden")
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")


# --- Redis ---

BANNER = "document.getElementById('banner')"
AWAY = f"!{BANNER}.hidden && {BANNER}.innerText.includes('Redis is away')"


@pytest.mark.parametrize("how", ["killed", "silent"])
def test_redis_away_is_said_calmly_and_over_when_it_is_back(browser, centre, how):
    """Calls go on, and so do the figures: neither of them is greyed."""
    browser.open(url_of(centre), size="television")
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")
    assert board_of(centre)["redis"] == "up" and browser.evaluate(f"{BANNER}.hidden")
    if how == "killed":
        centre.redis.kill()
    else:
        centre.redis.process.send_signal(signal.SIGSTOP)
    try:
        browser.wait(AWAY)
        board = board_of(centre)
        assert board["redis"] == "down" and board["ready"] is True
        assert browser.text("#state-text") == "Live"
        assert browser.evaluate("getComputedStyle(document.getElementById('board')).filter") == "none"
        # From five metres, and all of it at a glance.
        assert browser.evaluate(f"parseFloat(getComputedStyle({BANNER}).fontSize)") >= 28
        browser.wait("document.documentElement.scrollHeight <= 1080")
        assert_fits(browser)
        assert browser.evaluate(CONTRAST) == []
        browser.picture(f"redis-{how}")
        # For those who listen.
        browser.wait("document.getElementById('news').textContent.includes('Redis is away')")
        centre.pbx_of_test.call("call.ended", call_id="w1", by="caller")
        browser.wait("document.querySelector('#tiles [data-figure=waiting]').dataset.value === '1'")
        browser.click("#language")
        browser.wait(f"{BANNER}.innerText.includes('Redis に接続できません')")
        browser.wait("document.documentElement.scrollHeight <= 1080")
        assert_fits(browser)
        browser.picture(f"redis-{how}-japanese")
        browser.click("#language")
        assert browser.evaluate(AWAY)
    finally:
        if how == "killed":
            centre.redis.start()
        else:
            centre.redis.process.send_signal(signal.SIGCONT)
    browser.wait(f"{BANNER}.hidden")
    assert board_of(centre)["redis"] == "up"
    browser.wait("document.getElementById('news').textContent.includes('Redis is back')")
    assert browser.trouble() == []


def test_many_queues_leave_room_for_what_is_said(browser, large_centre):
    browser.open(url_of(large_centre), size="television")
    browser.wait_live()
    large_centre.redis.kill()
    browser.wait(AWAY)
    # Two lines of alarms as well.
    browser.wait("document.querySelectorAll('#alarm-list li').length === 6 && document.documentElement.scrollHeight <= 1080")
    browser.picture("redis-killed-many")
    assert_fits(browser)
    large_centre.redis.start()
    browser.wait(f"{BANNER}.hidden")


def test_a_reload_of_the_daemon_is_no_news(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    browser.evaluate("window.bad = 0; new MutationObserver(() => window.bad += document.body.dataset.state === 'lost')"
                     ".observe(document.body, { attributes: true })")
    centre.reload()
    centre.pbx_of_test.call("call.ended", call_id="w1", by="caller")
    browser.wait("document.querySelector('#tiles [data-figure=waiting]').dataset.value === '1'")
    assert browser.evaluate("window.bad") == 0


# --- screens ---


def assert_fits(browser):
    over = browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0, f"{over} px too wide"
    # Nothing stands out of its box to the side, tabs and wide tables scroll within theirs.
    assert browser.evaluate("""[...document.querySelectorAll('.tile, .each, .chart, .alarms li')]
        .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)""") == []
    # Words are whole.
    assert browser.evaluate("""[...document.querySelectorAll('dt, h3, tbody th, .chart .name')]
        .filter((word) => word.checkVisibility() && word.scrollWidth > word.clientWidth + 1).map((word) => word.innerText)""") == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", list(SIZES))
def test_it_fits_every_screen(browser, centre, size, scheme):
    browser.open(url_of(centre), size=size, scheme=scheme)
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=answered]').dataset.value === '5'")
    browser.picture(f"{size}-{scheme}", whole=size == "phone")
    assert browser.evaluate("document.documentElement.dataset.theme") == scheme
    assert_fits(browser)
    if size == "television":
        assert browser.evaluate("document.documentElement.scrollHeight") <= 1080, "not all at a glance"
        assert browser.evaluate("parseFloat(getComputedStyle(document.querySelector('.value')).fontSize)") >= 100


NAMES = ["sales", "support", "Reisebüro", "名古屋 代表", *(f"line {n}" for n in range(16))]


@pytest.fixture
def large_centre(make_daemon, redis_server):
    """Twenty queues; in every fourth somebody waits, and a share of callers is held out."""
    daemon = make_daemon(redis=redis_server, options={"queue": 'sticky = { holdout = "5%"; }; ' + PAGE_ALARMS},
                         queues="queues = ( " + ", ".join(f'{{ name = "{name}"; }}' for name in NAMES) + " );").start()
    pbx = daemon.pbx_of_test = daemon.pbx()
    for number, name in enumerate(NAMES):
        pbx.call("agent.login", agent=f"agent {number}", queues=[name], state="paused")
        for call in range(2 if number % 4 == 1 else 0):
            pbx.call("call.arrive", call_id=f"w{number}-{call}", queue=name)
    return daemon


def rows(browser):
    return browser.evaluate("[...document.querySelectorAll('#queue-table tbody tr')].map((row) => row.dataset.queue)")


def wait_for_another_board(browser):
    """Somebody waits, so each message that is shown has another longest wait."""
    longest = "document.querySelector('#tiles [data-figure=longest]').dataset.value"
    browser.wait(f"{longest} !== {json.dumps(browser.evaluate(longest))}")


def test_many_queues_take_turns_on_a_television(browser, large_centre):
    browser.open(url_of(large_centre), size="television")
    browser.wait_live()
    # Ten, and the last says how many more.
    browser.wait("document.querySelector('[data-alarm=more]')?.innerText.endsWith('5 more')")
    assert browser.evaluate("document.querySelectorAll('#alarm-list li').length") == 6
    seen = rows(browser)
    assert 4 <= len(seen) <= 8 and seen == NAMES[:len(seen)]
    assert browser.evaluate("document.documentElement.scrollHeight") <= 1080, "not all at a glance"
    assert_fits(browser)
    # What is there can be read: as large as where there are few queues.
    assert browser.evaluate("parseFloat(getComputedStyle(document.querySelector('#queue-table td .figure')).fontSize)") >= 28
    assert browser.evaluate(CONTRAST) == []
    browser.picture("television-many")
    # By themselves, all of them, in their order.
    while len(seen) < len(NAMES):
        browser.wait(f"document.querySelector('#queue-table tbody tr').dataset.queue === {json.dumps(NAMES[len(seen)])}")
        seen += rows(browser)
        assert browser.evaluate("document.documentElement.scrollHeight") <= 1080
    assert seen == NAMES
    first = len(rows(browser))
    browser.wait("document.querySelector('#queue-table tbody tr').dataset.queue === 'sales'")
    # By hand, and then they stay while somebody is at them.
    browser.click("#turns [aria-label='The queues before']")
    assert rows(browser) == NAMES[-first:]
    browser.click("#turns-all")
    assert rows(browser) == NAMES and browser.text("#turns-all") == "In turns"
    browser.ask("reload")
    browser.wait_live()
    assert rows(browser) == NAMES
    browser.click("#turns-all")
    assert rows(browser) == NAMES[:first] and browser.evaluate("document.documentElement.scrollHeight") <= 1080
    wait_for_another_board(browser)
    assert rows(browser) == NAMES[:first] and browser.evaluate("document.documentElement.scrollHeight") <= 1080


def test_queues_that_need_one_page_take_no_turns(browser, make_daemon, redis_server):
    """Three of them, and so many alarms above that nothing else has its usual height."""
    names = [name + " for those who wait and would like to know why it is called so at such a length" for name in "abc"]
    daemon = make_daemon(redis=redis_server, queues="queues = (" + ", ".join(f'{{ name = "{name}"; }}' for name in names) + ");",
                         options={"queue": 'alarm = { waiting = 1; };'}).start()
    with daemon.pbx() as pbx:
        pbx.call("agent.login", agent="alice", target="a", queues=names, state="ready")
        for number, name in enumerate([names[0], *names]):  # the first has alice
            pbx.call("call.arrive", call_id=f"c{number}", queue=name)
        browser.open(url_of(daemon), size="television")
        browser.wait_live()
        browser.wait("document.querySelectorAll('#alarm-list li').length === 3")
        wait_for_another_board(browser)
        assert rows(browser) == names and browser.evaluate("document.getElementById('turns').hidden")
        assert browser.evaluate("document.documentElement.scrollHeight") <= 1080


def test_many_queues_scroll_where_somebody_scrolls(browser, large_centre):
    for size in "phone", "laptop":
        browser.open(url_of(large_centre, "#lang=ja"), size=size)
        browser.wait_live()
        assert_fits(browser)
        if size == "phone":
            assert rows(browser) == NAMES and browser.evaluate("document.getElementById('turns').hidden")


def test_the_own_agent_share_says_whom_it_leaves_out(browser, large_centre, make_daemon):
    browser.open(url_of(large_centre))
    browser.wait_live()
    assert browser.text("[data-line=holdout]").split("\n") == ["Holdout, left out", "5%"]
    assert board_of(large_centre)["whole"]["holdout"] == 0.05
    other = make_daemon("other").start()
    browser.open(url_of(other))
    browser.wait_live()
    assert not browser.evaluate("document.querySelector('[data-line=holdout]').checkVisibility()")


CONTRAST = """(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.textContent.trim() || !e.checkVisibility() || e.closest('.unseen, noscript, script')) continue;
    const [a, b] = [light(numbers(style.color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 || (size >= 18.6 && style.fontWeight >= 700) ? 3 : 4.5)) low.push([node.textContent, ratio.toFixed(2)]);
  }
  return low;
})()"""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_text_stands_out_from_its_ground(browser, centre, scheme):
    browser.open(url_of(centre, "#queue=sales"), scheme=scheme)
    browser.wait_live()
    assert browser.evaluate(CONTRAST) == []
    browser.click("#queues a:first-child")
    browser.click("#hours summary")
    assert browser.evaluate(CONTRAST) == []


def test_the_theme_can_be_chosen_and_stays(browser, centre):
    browser.open(url_of(centre), scheme="light")
    browser.wait_live()
    assert browser.evaluate("document.documentElement.dataset.theme") == "light"
    browser.click("#theme")
    assert browser.evaluate("document.documentElement.dataset.theme") == "dark"
    browser.ask("reload")
    browser.wait_live()
    assert browser.evaluate("document.documentElement.dataset.theme") == "dark"


# --- languages ---


def test_japanese_to_those_who_ask_for_it(browser, centre):
    browser.open(url_of(centre), size="television", locale="ja-JP")
    browser.wait_live()
    assert browser.evaluate("document.documentElement.lang") == "ja"
    assert browser.text(".tile-waiting h3") == "待ち呼"
    assert "すべてのキュー" in browser.text("#queues")
    browser.picture("television-japanese")
    for size in "television", "laptop", "phone":
        browser.ask("size", width=SIZES[size][0], height=SIZES[size][1])
        browser.wait(f"innerWidth === {SIZES[size][0]}")
        assert_fits(browser)
    browser.click("#language")
    assert browser.evaluate("document.documentElement.lang") == "en"
    assert browser.text(".tile-waiting h3") == "Waiting"
    browser.ask("reload")
    browser.wait_live()
    assert browser.text(".tile-waiting h3") == "Waiting"


def test_every_word_is_in_every_language(browser, centre):
    browser.open(url_of(centre))
    tables = browser.evaluate("import('/wallboard/texts.js').then(({ texts }) => texts)")
    assert set(tables) == {"en", "ja"}
    assert list(tables["en"]) == list(tables["ja"])
    for key, english in tables["en"].items():
        japanese = tables["ja"][key]
        fields = [sorted(part.split("}")[0] for part in text.split("{")[1:] if "=" not in part) for text in (english, japanese)]
        assert fields[0] == fields[1], key
        assert english and japanese


# --- without a mouse, and without eyes ---


def walk(browser, steps):
    """What Tab leads to, each with whether one sees that it is there."""
    seen = []
    for _ in range(steps):
        browser.press("Tab")
        seen.append(browser.evaluate("""(() => { const e = document.activeElement, style = getComputedStyle(e);
            return [e.id || e.innerText.trim(), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; })()"""))
    return seen


def test_a_keyboard_reaches_everything(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    steps = walk(browser, 8)
    assert [name for name, _ in steps] == ["All queues", "sales", "support", "theme", "language", "sales", "support",
                                           "Figures by the hour, as a table"]
    assert all(visible for _, visible in steps), steps
    browser.press("Enter")
    assert browser.evaluate("document.getElementById('hours').open")
    browser.press("Shift+Tab")
    browser.press("Enter")
    browser.wait("location.hash === '#queue=support' && document.getElementById('each').hidden")


def test_a_screen_reader_finds_its_way(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    assert browser.evaluate("document.querySelectorAll('h1').length") == 1
    assert browser.evaluate("document.querySelectorAll('header, main').length") == 2
    names = browser.evaluate("""[...document.querySelectorAll('nav, section:not([hidden]), article')].map((e) =>
        e.getAttribute('aria-label') ?? document.getElementById(e.getAttribute('aria-labelledby'))?.textContent)""")
    assert all(names) and {"Queues", "Now", "Waiting", "First contact resolution"} <= set(names)
    # One place speaks, and politely; figures that change every second do not.
    assert browser.evaluate("[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')].map((e) => e.id)") == \
        ["news", "entry-wrong"]
    assert browser.evaluate("[...document.querySelectorAll('button')].every((e) => (e.getAttribute('aria-label') ?? e.textContent) !== '' || e.hidden || e.closest('[hidden]'))")


# --- who may look ---


def test_off_loopback_it_asks_for_a_token(browser, make_daemon, redis_server):
    clients = 'clients = ( { name = "*"; role = "observer"; token = "wall-s3cret"; }, { name = "x"; role = "pbx"; token = "pbx-s3cret"; } );'
    daemon = make_daemon(redis=redis_server, more=clients)
    daemon.config.write_text(daemon.config.read_text().replace(f"127.0.0.1:{daemon.http_port}", f"0.0.0.0:{daemon.http_port}"))
    daemon.config.chmod(0o600)
    daemon.start()
    browser.open(url_of(daemon))
    browser.wait("!document.getElementById('entry').hidden")
    assert browser.evaluate("document.activeElement.id") == "token"
    browser.picture("sign-in")
    for token, said in ("wrong", "This token is not known."), ("pbx-s3cret", "This token is not of an observer or a supervisor."):
        browser.fill("#token", token)
        browser.press("Enter")
        browser.wait(f"document.getElementById('entry-wrong').innerText === {json.dumps(said)}")
    browser.fill("#token", "wall-s3cret")
    browser.click("#entry-form button")
    browser.wait_live()
    assert browser.evaluate("sessionStorage.getItem('najimi.token')") == "wall-s3cret"
    assert "s3cret" not in browser.evaluate("location.href")
    browser.ask("reload")
    browser.wait_live()
    browser.click("#leave")
    browser.wait("!document.getElementById('entry').hidden")
    assert browser.evaluate("sessionStorage.getItem('najimi.token')") is None
    # A television is told by its address, which does not keep it.
    browser.open(url_of(daemon, "#queue=sales&token=wall-s3cret"))
    browser.wait_live()
    assert browser.evaluate("location.hash") == "#queue=sales"


def test_it_asks_nobody_but_its_daemon(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    asked = browser.ask("asked")
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(url_of(centre))] == []
    assert browser.trouble() == []


# --- provisional and final ---


def test_a_final_figure_says_of_which_day_it_is(browser, make_daemon, redis_server):
    """It is never today's: it stands beside the provisional one, and never in its place without a word."""
    daemon = make_daemon(redis=redis_server, options={"time": 'zone = "UTC";'})
    day = (datetime.now(timezone.utc) - timedelta(days=2)).date()
    redis_server.client().hset(f"najimi:{{main}}:day:{day}:fcr:hour", mapping={
        "contacts:09:sales": "4", "resolved:09:sales": "3,3,3", "repeated:09:sales": "1,1,1"})
    daemon.start()
    board = wait_until("the book", lambda: (lambda b: b["whole"]["today"]["fcr"]["final"] is not None and b)(board_of(daemon)))
    assert board["final_day"] == str(day)
    assert board["whole"]["today"]["fcr"] == {"window_ms": 86400000, "provisional": None, "final": 0.75}
    browser.open(url_of(daemon))
    browser.wait_live()
    browser.wait("document.querySelector('#tiles [data-figure=final]').dataset.value === '0.75'")
    said = f"Final, {day.day} {day.strftime('%b')}"
    assert browser.text("#tiles [data-line=final] dt") == said
    assert browser.text("#tiles [data-line=window]").split() == ["Within", "24h"]
    assert browser.text(".tile-fcr h3").endswith(said)  # there is nothing else to show
    assert browser.text('#queue-table [data-queue="sales"] [data-figure=provisional]').split() == ["–", "unknown"]
    assert browser.evaluate("document.querySelector('[data-today=fcr]').dataset.value") == "null"
    assert browser.evaluate("[...document.querySelectorAll('#queue-table th')].at(-1).innerText") != "FCR"


# --- little to show ---


def test_without_queues_it_says_what_to_do(browser, make_daemon, redis_server):
    daemon = make_daemon(redis=redis_server, queues="").start()
    browser.open(url_of(daemon))
    browser.wait("!document.getElementById('empty').hidden")
    assert "No queue yet" in browser.text("#empty")
    browser.picture("no-queue")


def test_before_the_first_call_nothing_is_made_up(browser, daemon):
    browser.open(url_of(daemon), size="television")
    browser.wait_live()
    figures = shown(browser, "#tiles")
    assert figures["waiting"] == (0, "0") and figures["service_level"][0] is None
    # For those who listen.
    assert browser.text("#tiles [data-figure=fcr]").split() == ["–", "unknown"]
    assert browser.text("[data-chart=arrived] .nothing") == "No calls yet today"
    browser.picture("before-the-first-call")


def test_a_queue_that_is_gone_is_said(browser, centre):
    browser.open(url_of(centre, "#queue=gone"))
    browser.wait("!document.getElementById('empty').hidden")
    assert "gone" in browser.text("#empty h2")


def test_without_its_curves_it_shows_a_table(browser, centre):
    browser.open(url_of(centre), without=["/wallboard/uplot.js"])
    browser.wait_live()
    assert browser.evaluate("document.getElementById('hours').open")
    assert "9" in browser.text("#hours tbody")
    assert browser.trouble() == []


def test_a_new_page_is_taken_without_a_hand(browser, centre):
    browser.open(url_of(centre))
    browser.wait_live()
    browser.evaluate("window.same = true")
    # As if this page were of another build: the next message says so.
    browser.evaluate("{ const parse = JSON.parse; JSON.parse = (text) => ({ ...parse(text), edition: 'other' }); }")
    centre.pbx_of_test.call("call.ended", call_id="w1", by="caller")
    browser.wait("window.same !== true")
    browser.wait_live()
