"""First contact resolution in Redis alone, with days and months of contacts in seconds."""
import json
import os
import pathlib
import random

import pytest

from fcr_functions import BASE, CELLS, DAY, HOUR, MINUTE, WINDOWS, Contact, Functions, Recount

D1 = 1_795_219_200_000  # 2026-11-21T00:00:00Z
DAY1 = "2026-11-21"
TALK = 3 * MINUTE


def at(day, hours):
    return int(D1 + (day - 1) * DAY + hours * HOUR)


def call(key, day, hours, **more):
    arrived = at(day, hours)
    return Contact(key, arrived, arrived + TALK, **more)


@pytest.fixture
def functions(redis_server):
    return Functions(redis_server.client())


def commit_all(functions, contacts, **more):
    for contact in contacts:
        operation = functions.follow(contact, **more)
        if operation:
            functions.commit(operation)


def share(record, window, scope="any", prefix=""):
    cell = CELLS.index((window, scope))
    resolved = record.get(prefix + "resolved", [0] * 9)[cell]
    return resolved, resolved + record.get(prefix + "repeated", [0] * 9)[cell]


def worked_day():
    return [call("tel:a", 1, 9), call("tel:b", 1, 10), *[call(f"tel:s{i}", 1, 11 + i / 10) for i in range(6)],
            call("", 1, 13), call("tel:a", 1, 15)], call("tel:b", 2, 11)


def test_the_worked_day(functions):
    """A calls at 9 and at 15, B at 10 and at 11 the next day, six call once, and one is nobody."""
    first, second = worked_day()
    commit_all(functions, first)
    functions.mature(at(1, 20))
    record = functions.day(DAY1)
    assert record["contacts"] == 9 and share(record, "24h") == (0, 1)  # A's first, which was repeated
    commit_all(functions, [second])
    functions.mature(at(3, 0))
    assert share(functions.day(DAY1), "24h") == (8, 9)
    assert share(functions.day(DAY1), "7d") == (0, 2)  # known so far
    functions.mature(at(9, 0))
    assert share(functions.day(DAY1), "7d") == (7, 9)
    functions.mature(at(40, 0))
    assert share(functions.day(DAY1), "30d") == (7, 9)
    assert functions.day("2026-11-22")["contacts"] == 1
    assert functions.redis.hgetall(BASE + "answered") == {} and functions.redis.llen(BASE + "answered:by_age") == 0


def test_a_contact_is_final_when_its_window_has_passed_and_not_before(functions):
    contact = call("tel:a", 1, 9)
    commit_all(functions, [contact])
    functions.mature(contact.ended + DAY - 1)
    assert share(functions.day(DAY1), "24h") == (0, 0)
    _, reply = functions.mature(contact.ended + DAY)
    assert share(functions.day(DAY1), "24h") == (1, 1)
    assert reply[2] == contact.ended + 7 * DAY and reply[3:] == [0, 1, 1]


def waiting(functions):
    return {window: dict(functions.redis.zrange(BASE + "maturing:" + window, 0, -1, withscores=True)) for window in WINDOWS}


def test_a_contact_waits_for_one_window_after_the_other(functions):
    contact = call("tel:a", 1, 9)
    commit_all(functions, [contact])
    before = {"24h": [1, 1, 1], "7d": [0, 1, 1], "30d": [0, 0, 1]}
    now = contact.ended
    for window, length in WINDOWS.items():
        reply = functions.mature_once(now)
        assert waiting(functions) == {**dict.fromkeys(WINDOWS, {}), window: {contact.id: contact.ended + length}}
        assert reply[2:] == [contact.ended + length, *before[window]]
        now = contact.ended + length
    assert functions.mature_once(now)[2:] == [-1, 0, 0, 0]


def test_clocks_that_an_older_daemon_has_set_all_at_once_run_on(functions):
    first, other = call("tel:a", 1, 9), call("tel:b", 1, 9)
    commit_all(functions, [first, other])
    functions.mature_once(at(1, 10))
    for window, length in WINDOWS.items():
        functions.redis.zadd(BASE + "maturing:" + window, {one.id: one.ended + length for one in (first, other)})
    commit_all(functions, [call("tel:a", 3, 9)])
    functions.mature(at(60, 0))
    record = functions.day(DAY1)
    assert (share(record, "24h"), share(record, "7d"), share(record, "30d")) == ((2, 2), (1, 2), (1, 2))
    assert waiting(functions) == dict.fromkeys(WINDOWS, {})


def test_a_memory_lasts_as_long_as_its_contact_may_be_repeated(functions):
    short, kept, gone = (call("tel:" + name, 1, 9) for name in ("short", "kept", "gone"))
    for contact, ms in (short, DAY), (kept, 5 * DAY):
        functions.commit(["REMEMBER", BASE + "caller:" + contact.key, ms, "v", 1])
    for contact in short, kept, gone:  # of the latter two the commit has seen to it
        word = "contact" if contact is short else "kept"
        functions.commit([word.join(text.split("contact", 1)) for text in functions.follow(contact)])
    functions.mature_once(at(1, 10))
    ends = [round(functions.redis.pttl(BASE + "caller:" + contact.key) / DAY) for contact in (short, kept, gone)]
    assert ends == [31, 5, 31]  # and who was forgotten meanwhile is not known for ever
    assert functions.redis.hget(BASE + "caller:tel:gone", "fcr") == gone.id


def test_a_repeat_counts_against_the_contact_before_it_alone(functions):
    contacts = [call("tel:a", 1, 9), call("tel:a", 1, 15, agent="bob"), call("tel:a", 1, 20, agent="carol")]
    commit_all(functions, contacts)
    functions.mature(at(3, 0))
    day = functions.days()[DAY1]
    assert share(day["agent:alice"], "24h") == share(day["agent:bob"], "24h") == (0, 1)
    assert share(day["agent:carol"], "24h") == (1, 1)
    assert share(day["queue:sales"], "24h") == (1, 3)
    assert share(day["queue:sales"], "24h", prefix="first_") == (0, 1)


def test_the_window_is_from_the_end_to_the_next_arrival(functions):
    first = call("tel:a", 1, 9)
    exact = Contact("tel:a", first.ended + DAY, first.ended + DAY + TALK)
    late = Contact("tel:b", first.ended + DAY + 1, first.ended + DAY + TALK)
    commit_all(functions, [first, call("tel:b", 1, 9), exact, late])
    functions.mature(at(4, 0))
    assert share(functions.day(DAY1), "24h") == (1, 2)


def test_who_is_back_in_a_quarter_of_an_hour_goes_on_with_the_same_contact(functions):
    first = call("tel:a", 1, 9)
    again = Contact("tel:a", first.ended + 15 * MINUTE, first.ended + 17 * MINUTE, agent="bob", queue="support")
    third = Contact("tel:a", again.ended + 15 * MINUTE, again.ended + 17 * MINUTE)
    commit_all(functions, [first, again, third])
    functions.mature(at(3, 0))
    day = functions.days()[DAY1]
    assert day["queue:sales"]["contacts"] == 1 and day["queue:sales"]["reconnects"] == 2
    assert "queue:support" not in day and share(day["queue:sales"], "24h") == (1, 1)


def test_the_window_begins_where_the_last_reconnected_call_ended(functions):
    first = call("tel:a", 1, 9)
    again = Contact("tel:a", first.ended + MINUTE, first.ended + HOUR)
    repeat = Contact("tel:a", first.ended + DAY + MINUTE, first.ended + DAY + 2 * MINUTE)
    commit_all(functions, [first, again])
    functions.mature(first.ended + DAY)
    commit_all(functions, [repeat])
    functions.mature(at(4, 0))
    assert share(functions.day(DAY1), "24h") == (0, 1)


def test_one_millisecond_more_is_a_repeat(functions):
    first = call("tel:a", 1, 9)
    commit_all(functions, [first, Contact("tel:a", first.ended + 15 * MINUTE + 1, first.ended + HOUR)])
    functions.mature(at(1, 12))
    assert share(functions.day(DAY1), "24h") == (0, 1)


def test_scopes_keep_their_own_clocks(functions):
    contacts = [call("tel:a", 1, 9, queue="sales", reason="bill"), call("tel:a", 1, 10, queue="support", reason="bill"),
                call("tel:a", 1, 11, queue="sales", reason="line"), call("tel:a", 1, 12, queue="other", reason="line")]
    commit_all(functions, contacts)
    functions.mature(at(3, 0))
    day = functions.days()[DAY1]
    first = day["hour:09:sales"]
    assert share(first, "24h") == (0, 1) and share(first, "24h", "queue") == (0, 1) and share(first, "24h", "reason") == (0, 1)
    third = day["hour:11:sales"]
    assert share(third, "24h") == (0, 1) and share(third, "24h", "queue") == (1, 1) and share(third, "24h", "reason") == (0, 1)
    assert share(day["hour:12:other"], "24h", "reason", "first_") == (0, 0)
    assert share(day["queue:support"], "24h", "queue", "first_") == (1, 1)
    assert share(day["reason:bill"], "24h", "reason") == (1, 2)


def test_an_abandoned_call_is_a_repeat_only_where_that_is_said(functions):
    gone = call("tel:a", 1, 12, outcome="abandoned")
    commit_all(functions, [call("tel:a", 1, 9), gone])
    functions.mature(at(1, 20))
    assert share(functions.day(DAY1), "24h") == (0, 0)
    commit_all(functions, [call("tel:b", 1, 9), call("tel:b", 1, 12, outcome="abandoned")], abandoned_counts=True)
    functions.mature(at(3, 0))
    record = functions.day(DAY1)
    assert record["contacts"] == 2 and share(record, "24h") == (1, 2)


def test_a_short_talk_is_no_contact_and_no_repeat(functions):
    commit_all(functions, [call("tel:a", 1, 9), call("tel:a", 1, 12, counts=False)])
    functions.mature(at(3, 0))
    assert functions.day(DAY1)["contacts"] == 1 and share(functions.day(DAY1), "24h") == (1, 1)


def test_a_week_of_standstill_is_made_up_for_in_small_pieces(functions):
    contacts = [call(f"tel:{i}", 1, 9 + i / 200) for i in range(1000)]
    for start in range(0, 1000, 50):
        functions.commit(*[functions.follow(contact) for contact in contacts[start:start + 50]])
    sweeps, reply = functions.mature(at(9, 0), limit=100)
    assert 30 <= sweeps <= 32 and reply[2] == contacts[0].ended + 30 * DAY and reply[3:] == [0, 0, 1000]
    assert share(functions.day(DAY1), "24h") == share(functions.day(DAY1), "7d") == (1000, 1000)
    assert functions.mature_once(at(9, 0))[0] == 0  # and nothing is counted twice
    functions.mature(at(60, 0), limit=100)
    assert share(functions.day(DAY1), "30d") == (1000, 1000)
    assert not functions.redis.exists(BASE + "answered", BASE + "maturing:30d", BASE + "maturing:news")


def test_a_deposed_daemon_counts_nothing(functions):
    commit_all(functions, [call("tel:a", 1, 9)])
    functions.epoch += 1
    with pytest.raises(Exception, match="NOTLEADER"):
        functions.mature_once(at(3, 0))
    functions.epoch -= 1
    functions.mature(at(3, 0))
    assert share(functions.day(DAY1), "24h") == (1, 1)


def test_a_commit_that_comes_twice_counts_once(functions):
    contact = functions.follow(call("tel:a", 1, 9))
    functions.commit(contact)
    functions.number -= 1
    functions.commit(contact)
    functions.mature(at(3, 0))
    assert functions.day(DAY1)["contacts"] == 1 and share(functions.day(DAY1), "24h") == (1, 1)


def test_one_commit_tells_of_thousands_in_their_order(functions):
    key = BASE + "maturing:news"
    functions.commit(*[["TELL", key, str(number)] for number in range(2500)])
    assert functions.redis.lrange(key, 0, -1) == [str(number) for number in range(2500)]
    functions.commit(["HSET", BASE + "x", "a", "1"])
    assert functions.redis.llen(key) == 2500


def test_news_that_cannot_be_kept_stop_nothing_else(functions):
    functions.redis.set(BASE + "maturing:news", "mine")
    with pytest.raises(AssertionError, match="WRONGTYPE"):
        functions.commit(functions.follow(call("tel:a", 1, 9)), ["HSET", BASE + "x", "a", "1"])
    assert functions.redis.hget(BASE + "x", "a") == "1"


def test_several_contacts_of_one_caller_in_one_commit(functions):
    contacts = [call("tel:a", 1, 9), call("tel:a", 1, 15), call("tel:a", 1, 15.1)]
    functions.commit(*[functions.follow(contact) for contact in contacts])
    functions.mature(at(3, 0))
    record = functions.day(DAY1)
    assert (record["contacts"], record["reconnects"], share(record, "24h")) == (2, 1, (1, 2))


def test_a_caller_who_is_forgotten_leaves_a_resolved_contact(functions):
    commit_all(functions, [call("tel:a", 1, 9)])
    functions.commit(["DEL", BASE + "caller:tel:a"], functions.news("forget", "tel:a"))
    functions.mature(at(1, 12))
    assert not functions.redis.exists(BASE + "caller:tel:a")
    commit_all(functions, [call("tel:a", 1, 15)])
    functions.mature(at(3, 0))
    assert share(functions.day(DAY1), "24h") == (2, 2)


def test_a_key_that_is_something_else_stops_nothing(functions):
    functions.redis.set(BASE + "caller:tel:a", "mine")
    functions.redis.rpush(BASE + "maturing:news", "call\tcontact\tno call", "news of another kind", "")
    commit_all(functions, [call("tel:a", 1, 9), call("tel:b", 1, 9), call("tel:b", 1, 10)])
    functions.mature(at(3, 0))
    assert share(functions.day(DAY1), "24h") == (2, 3) and functions.redis.get(BASE + "caller:tel:a") == "mine"


def test_what_an_agent_said_first_is_counted_beside(functions):
    contact = call("tel:a", 1, 9)
    anonymous = call("", 1, 9)
    commit_all(functions, [contact, anonymous])
    functions.commit(functions.news("said", contact.id, "escalated"))
    functions.commit(functions.news("said", contact.id, "resolved"), functions.news("said", anonymous.id, "resolved"),
                     functions.news("said", "nobody", "resolved"))
    functions.mature(at(3, 0))
    assert functions.day(DAY1)["said_escalated"] == functions.day(DAY1)["said_resolved"] == 1
    record = functions.day(DAY1)
    assert record["contacts"] == 1 and share(record, "24h") == (1, 1) and share(record, "24h", prefix="escalated_") == (1, 1)


def test_what_a_caller_answered_first_is_counted_beside(functions):
    contact, other = call("tel:a", 1, 9), call("tel:b", 1, 9)
    commit_all(functions, [contact, other])
    answers = {"nps": 3, "csat": 5, "solved": 1, "expectation": 1000, "loyalty": 500}
    functions.commit(functions.news("survey", contact.id, json.dumps(answers)))
    functions.commit(functions.news("survey", contact.id, json.dumps(answers)))
    functions.commit(functions.news("survey", other.id, json.dumps({"nps": 1, "loyalty": 250})))
    functions.mature(at(3, 0))
    record = functions.day(DAY1, "agent:alice")
    assert {name: value for name, value in record.items() if name.startswith("survey")} == {
        "survey_answers": 2, "survey_nps": [1, 0, 1], "survey_csat": [0, 0, 0, 0, 1], "survey_solved": [1, 0],
        "survey_expectation": 1000, "survey_expectation_answers": 1, "survey_loyalty": 750, "survey_loyalty_answers": 2}
    assert functions.redis.hget(BASE + "matured", "survey_answers:sales") == "2"


def test_groups_have_what_their_means_are_made_from(functions):
    contacts = [call("tel:a", 1, 9, sticky="own", group="sticky"), call("tel:b", 1, 9, sticky="own", group="sticky"),
                call("tel:c", 1, 9, group="holdout")]
    commit_all(functions, contacts)
    functions.mature(at(1, 10))
    assert functions.day(DAY1, "group:sticky")["wait"] == [2, 400, 80_000]
    assert functions.day(DAY1, "group:sticky")["handling"] == [2, 3200, 2 * 1600 ** 2]
    assert functions.day(DAY1, "group:holdout")["wait"] == [1, 200, 40_000]


def test_handling_is_told_later_where_an_agent_wraps_up_and_counts_once(functions):
    wraps, ready, short = (call(f"tel:{caller}", 1, 9, sticky="own", group="sticky") for caller in "abc")
    again = call("tel:a", 1, 9.2, sticky="own", group="sticky")  # so soon that it is the same contact still
    wraps.handling = again.handling = short.handling = "-"
    short.counts = False
    commit_all(functions, [wraps, ready, short, again])
    for contact, handling in (short, 1), (again, 2), (wraps, 240_000), (wraps, 999_999):
        functions.commit(functions.news("handled", contact.id, handling))
    functions.commit(functions.news("handled", "nobody", 1))
    functions.mature(at(1, 10))
    group = functions.day(DAY1, "group:sticky")
    assert group["contacts"] == 2 and group["wait"][0] == 2
    assert group["handling"] == [2, 2400 + 1600, 2400 ** 2 + 1600 ** 2]
    functions.commit(functions.news("handled", wraps.id, 1))  # by another daemon, later
    functions.mature(at(1, 11))
    assert functions.day(DAY1, "group:sticky")["handling"][0] == 2


def test_what_stands_there_already_is_kept(functions):
    key = BASE + f"day:{DAY1}:fcr:hour"
    functions.redis.hset(key, mapping={"contacts:09:sales": "7", "ours": "x", "resolved:09:sales": "1,2,3,4,5,6,7,8,9,10"})
    commit_all(functions, [call("tel:a", 1, 9)])
    functions.mature(at(3, 0))
    assert functions.redis.hget(key, "contacts:09:sales") == "8" and functions.redis.hget(key, "ours") == "x"
    assert functions.redis.hget(key, "resolved:09:sales") == "2,3,4,4,5,6,7,8,9,10"


def test_more_reasons_than_a_day_has_room_for_are_one(functions):
    key = BASE + f"day:{DAY1}:fcr:reason"
    functions.redis.hset(key, mapping={f"x:{i}": "1" for i in range(5000)})
    commit_all(functions, [call(f"tel:{i}", 1, 9 + i / 10, reason=f"r{i}") for i in range(3)])
    functions.mature(at(3, 0))
    assert functions.redis.hget(key, "contacts:other") == "3" and functions.redis.hget(key, "resolved:other") == "3,3,3,0,0,0,0,0,0"
    assert functions.day(DAY1)["contacts"] == 3


def test_totals_are_the_sum_of_the_days(functions):
    first, second = worked_day()
    commit_all(functions, [*first, second])
    functions.mature(at(50, 0))
    total = functions.records(BASE + "matured")["sales"]
    assert total["contacts"] == 10 and share(total, "24h") == (9, 10) and share(total, "7d") == (8, 10)
    assert functions.redis.pttl(BASE + f"day:{DAY1}:fcr:agent") > 399 * DAY


# --- months, recomputed ---

def generated(seed, days=45, calls=6000, callers=900):
    chance = random.Random(seed)
    contacts = []
    for _ in range(calls):
        arrived = int(D1 + chance.random() * days * DAY)
        key = f"tel:{int(callers * chance.random() ** 2)}" if chance.random() < 0.9 else ""
        if contacts and chance.random() < 0.1:
            last = chance.choice(contacts)
            arrived, key = last.ended + chance.choice([-MINUTE, MINUTE, 14 * MINUTE, 15 * MINUTE, HOUR, DAY, 7 * DAY]), last.key
        contacts.append(Contact(
            key, arrived, arrived + chance.randrange(MINUTE, 20 * MINUTE), queue=chance.choice(["sales", "sales", "support"]),
            reason=chance.choice(["", "bill", "line"]), agent=chance.choice(["alice", "bob", "carol"]),
            sticky=chance.choice(["own", "new", "other"]), tier=chance.choice(["", "gold"]),
            group=chance.choice(["", "sticky", "holdout"]), counts=chance.random() < 0.95,
            outcome="answered" if chance.random() < 0.9 else "abandoned"))
    return sorted(contacts, key=lambda contact: contact.ended)


def play(functions, contacts, chance, most=40, **more):
    """As they ended, in commits of any size, with sweeps of any size between, never past a call that is under way."""
    arrivals = [contact.arrived for contact in contacts]
    oldest = arrivals[:]
    for i in range(len(oldest) - 2, -1, -1):
        oldest[i] = min(oldest[i], oldest[i + 1])
    i = 0
    while i < len(contacts):
        at_once = chance.randrange(1, most)
        operations = [functions.follow(contact, **more) for contact in contacts[i:i + at_once]]
        functions.commit(*[operation for operation in operations if operation])
        i += at_once
        if i < len(contacts) and chance.random() < 0.5:
            functions.mature_once(min(oldest[i], contacts[i - 1].ended), limit=chance.randrange(1, 2 * most))


@pytest.mark.parametrize("abandoned_counts", [False, True])
def test_months_counted_by_the_functions_are_those_recomputed(functions, abandoned_counts):
    contacts = generated(seed=4 + abandoned_counts)
    play(functions, contacts, random.Random(7), abandoned_counts=abandoned_counts)
    until = contacts[-1].ended
    functions.mature(until)
    Recount(contacts, until, abandoned_counts).same_as(functions.days())
    functions.mature(until + 60 * DAY)
    Recount(contacts, until + 60 * DAY, abandoned_counts).same_as(functions.days())


def bank():
    folder = pathlib.Path(os.environ.get("NAJIMI_DATA", pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"))
    path = folder / "bank_1999_01_02_calls.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    contacts = []
    for line in path.read_text().splitlines()[1:]:
        _, arrive, customer, queue, service, _, _ = line.split(",")
        arrived = D1 + int(arrive) * 1000
        contacts.append(Contact(f"cid:{customer}" if customer else "", arrived, arrived + (30 + int(float(service))) * 1000,
                                queue=queue, agent=f"a{len(contacts) % 27}", counts=float(service) >= 15))
    return sorted(contacts, key=lambda contact: contact.ended)


def test_the_banks_months_are_those_recomputed(functions):
    contacts = bank()
    play(functions, contacts, random.Random(7), most=400)
    until = contacts[-1].ended
    functions.mature(until)
    Recount(contacts, until).same_as(functions.days())
