import pytest

from onboarding.readiness import ItemFacts, MissingAnswer, PhaseFacts, Standing, World, standings

ADDRESS = MissingAnswer("/hubs/0/domain", "Address", "community")
REGION = MissingAnswer("/new_cluster/region", "Region", "provider")


NOTHING = World()


def item(key="thing", *, settled=False, supplied_by="provider", optional=False):
    return ItemFacts(key, {"en": key}, supplied_by, settled, optional)


def phase(key, *items, needs=(), fields="", skip="", starts="", owner="engineer"):
    return PhaseFacts(key, {"en": key}, {"en": "done"}, owner, needs, fields, skip, starts, items)


def one(given, world=NOTHING):
    return standings([given], world)[0]


def test_phase_with_open_items_is_ready_and_done_once_they_are_settled():
    assert one(phase("p", item())).standing == Standing.READY
    assert one(phase("p", item(settled=True))).standing == Standing.DONE


def test_optional_item_holds_nothing_up():
    assert one(phase("p", item(settled=True), item("call", optional=True))).standing == Standing.DONE


def test_phase_waits_while_the_hub_request_lacks_its_answers():
    found = one(phase("p", item(), fields="p3"), World(missing={"p3": [ADDRESS], "p4": [REGION]}))
    assert (found.standing, found.missing, found.holder) == (Standing.WAITING, [ADDRESS], "community")


def test_phase_is_held_by_us_when_we_owe_an_answer_too():
    found = one(phase("p", item(), fields="p3"), World(missing={"p3": [ADDRESS, REGION]}))
    assert found.holder == "engineer"


@pytest.mark.parametrize(
    ("items", "holder"),
    [
        ([item(supplied_by="community")], "community"),
        ([item(supplied_by="community"), item("ours")], "engineer"),
        ([item(settled=True)], ""),
    ],
)
def test_ready_phase_is_held_by_whoever_owes_its_items(items, holder):
    assert one(phase("p", *items)).holder == holder


def test_phase_comes_after_those_it_needs():
    first, second = phase("a", item()), phase("b", item(settled=True), needs=["a"])
    found = standings([first, second], World())
    assert [row.standing for row in found] == [Standing.READY, Standing.NEXT]
    assert found[1].waits_for == [first]
    done = standings([phase("a", item(settled=True)), second], World())
    assert [row.standing for row in done] == [Standing.DONE, Standing.DONE]


def test_skipped_phase_is_not_needed_and_holds_nothing_up():
    phases = [phase("account", item(), skip="shared_cluster"), phase("hub", item(), needs=["account"])]
    assert [row.standing for row in standings(phases, World(skips={"shared_cluster"}))] == [Standing.NOT_NEEDED, Standing.READY]
    assert [row.standing for row in standings(phases, World())] == [Standing.READY, Standing.NEXT]


def test_phase_that_starts_with_an_event_waits_for_it():
    ending = phase("x", item(), starts="decommission")
    assert one(ending).standing == Standing.NEXT
    assert one(ending, World(started={"decommission"})).standing == Standing.READY


def test_once_the_end_has_begun_nothing_else_is_to_do_and_what_was_done_stays_done():
    phases = [phase("a", item(settled=True)), phase("b", item()), phase("x", item(), starts="decommission")]
    found = standings(phases, World(started={"decommission"}))
    assert [row.standing for row in found] == [Standing.DONE, Standing.NOT_NEEDED, Standing.READY]


def test_phase_that_needs_whole_answers_is_not_done_before_they_are_and_says_who_owes_them():
    needs = PhaseFacts("n", {"en": "n"}, {"en": "done"}, "engineer", (), "", "", "", [item(settled=True)], whole=["p3"])
    found = one(needs, World(missing={"p3": [ADDRESS]}))
    assert (found.standing, found.missing, found.holder) == (Standing.READY, [ADDRESS], "community")
    assert one(needs, World()).standing == Standing.DONE


def test_phase_after_the_start_of_another_does_not_wait_for_its_end():
    after = PhaseFacts("v", {"en": "v"}, {"en": "done"}, "engineer", (), "", "", "", [item()], after_start=["b"])
    begun, unbegun = [phase("b", item()), after], [phase("a", item()), phase("b", item(), needs=["a"]), after]
    assert standings(begun, World())[-1].standing == Standing.READY
    assert standings(unbegun, World())[-1].standing == Standing.NEXT
