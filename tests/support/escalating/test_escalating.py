"""A ticket becomes an issue once, whatever gets lost, and its state comes back."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role
from demo.github.faults import Fault
from ground.sweep import perform_due
from support import escalating, tickets
from support.escalating import performing
from support.escalating.deciding import AlreadyLinked, Draft, NoIssue
from support.models import GitHubIssue, IssueTarget, Mention, Message, Ticket, TicketStatus, WatchedRepository
from support.states import Escalation, Status, TimeboxOutcome
from support.working import timeboxing
from tests.factories import CommunityFactory, acting, member
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import a_cluster, a_hub

pytestmark = pytest.mark.django_db
DRAFT = Draft(title="Servers are slow", body="Since Monday", labels=("support",))


def escalated(target, sam, ticket=None, **more):
    return escalating.escalate(ticket or TicketFactory(), target=target, draft=DRAFT, by=acting(sam), **more)


def later(minutes=5):
    GitHubIssue.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=timezone.now() - timedelta(minutes=minutes))


def events(ticket, *fields):
    return list(ticket.events.filter(field__in=fields).values_list("field", "after"))


def test_escalate_keeps_a_row_then_makes_the_issue_with_its_mark(simulator, github, target, sam):
    ticket = TicketFactory()
    issue = escalated(target, sam, ticket, status=TicketStatus.objects.get(code=Status.WAITING_ON_THIRD_PARTY))
    ticket.refresh_from_db()
    assert (ticket.escalation, ticket.status_id, simulator.seen) == (Escalation.WAITING, Status.WAITING_ON_THIRD_PARTY, [])

    performing.push_issue(github, issue.pk)

    ticket.refresh_from_db(), issue.refresh_from_db()
    there = simulator.store.find("hubs/infra", 1)
    assert (there["title"], there["labels"], issue.marker in there["body"]) == ("Servers are slow", [{"name": "support"}], True)
    assert (issue.number, issue.state, issue.next_attempt_at, issue.url) == (1, "open", None, there["html_url"])
    assert ticket.escalation == Escalation.OPEN
    assert events(ticket, "issue_made", "issue_found") == [("issue_made", "hubs/infra"), ("issue_found", "hubs/infra#1")]


@pytest.mark.parametrize("is_made", [False, True])
def test_escalate_twice_in_the_same_words_is_one_issue(simulator, github, target, sam, is_made):
    ticket = TicketFactory()
    issue = escalated(target, sam, ticket)
    if is_made:
        performing.push_issue(github, issue.pk)

    assert escalated(target, sam, ticket) == issue
    assert (GitHubIssue.objects.count(), len(events(ticket, "issue_made"))) == (1, 1)


def test_escalate_again_in_other_words_or_after_it_was_closed_is_another_issue(simulator, target, sam):
    ticket = TicketFactory()
    first = escalated(target, sam, ticket)
    other = escalating.escalate(ticket, target=target, draft=Draft(title="Logins", body="Fail", labels=()), by=acting(sam))
    GitHubIssue.objects.filter(pk=first.pk).update(state="closed", number=1)

    assert len({first, other, escalated(target, sam, ticket)}) == 3


def test_escalate_ends_the_timebox_in_the_same_transaction(simulator, target, sam):
    ticket = TicketFactory()
    box = timeboxing.start(ticket, by=acting(sam))
    escalated(target, sam, ticket)
    box.refresh_from_db()
    assert box.outcome == TimeboxOutcome.ESCALATED


@pytest.mark.parametrize("kind", ["drop", "timeout"])
def test_issue_whose_answer_was_lost_is_found_and_not_made_twice(simulator, github, target, sam, kind):
    issue = escalated(target, sam)
    simulator.faults.add(Fault(kind, method="POST"))
    performing.push_issue(github, issue.pk)
    issue.refresh_from_db()
    assert (issue.number, issue.next_attempt_at > timezone.now() + timedelta(seconds=10)) == (None, True)

    later()
    performing.push_issue(github, issue.pk)

    issue.refresh_from_db()
    assert (issue.number, len(simulator.store.open("hubs/infra"))) == (1, 1)


def test_issue_that_never_left_is_looked_for_and_then_made(simulator, github, target, sam):
    issue = escalated(target, sam)
    simulator.faults.add(Fault("down", method="POST"))
    performing.push_issue(github, issue.pk)
    later()

    performing.push_issue(github, issue.pk)

    issue.refresh_from_db()
    assert (issue.number, [request.method for request in simulator.seen]) == (1, ["POST", "GET", "POST"])


def test_look_that_fails_makes_nothing(simulator, github, target, sam):
    issue = escalated(target, sam)
    simulator.faults.add(Fault("drop", method="POST"))
    performing.push_issue(github, issue.pk)
    later()
    simulator.faults.add(Fault("error", method="GET", times=9))

    performing.push_issue(github, issue.pk)

    issue.refresh_from_db()
    assert (issue.number, issue.next_attempt_at is not None, len(simulator.store.open("hubs/infra"))) == (None, True, 1)


def test_limit_is_waited_for_as_long_as_it_says(simulator, github, target, sam):
    issue = escalated(target, sam)
    simulator.faults.add(Fault("secondary", seconds=900))

    performing.push_issue(github, issue.pk)

    issue.refresh_from_db()
    assert timedelta(minutes=14) < issue.next_attempt_at - timezone.now() < timedelta(minutes=16)


def test_refused_issue_says_so_and_can_be_tried_again(simulator, github, target, sam):
    ticket = TicketFactory()
    issue = escalated(target, sam, ticket)
    simulator.faults.add(Fault("refuse", status=403))
    performing.push_issue(github, issue.pk)
    issue.refresh_from_db(), ticket.refresh_from_db()
    assert (issue.is_refused, ticket.escalation) == (True, Escalation.FAILED)

    escalating.retry(issue, by=acting(sam))
    performing.push_issue(github, issue.pk)

    issue.refresh_from_db(), ticket.refresh_from_db()
    assert (issue.number, issue.is_refused, ticket.escalation) == (1, False, Escalation.OPEN)


def test_giving_up_after_the_last_attempt_is_told(simulator, github, target, sam):
    issue = escalated(target, sam)
    GitHubIssue.objects.update(attempts=11)
    simulator.faults.add(Fault("error"))

    performing.push_issue(github, issue.pk)

    assert (GitHubIssue.objects.get().is_refused, Ticket.objects.get().escalation) == (True, Escalation.FAILED)


def test_two_workers_make_one_issue(simulator, github, target, sam):
    issue = escalated(target, sam)
    performing.push_issue(github, issue.pk)
    performing.push_issue(github, issue.pk)

    assert len(simulator.store.open("hubs/infra")) == 1


def test_sweep_makes_what_a_lost_broker_forgot(simulator, target, sam):
    escalated(target, sam)

    assert perform_due() == 1
    assert GitHubIssue.objects.get().number == 1


def test_closed_issue_makes_it_our_turn_with_a_note(simulator, github, target, sam):
    ticket = TicketFactory()
    escalated(target, sam, ticket, status=TicketStatus.objects.get(code=Status.WAITING_ON_THIRD_PARTY))
    perform_due()
    simulator.close("hubs/infra", 1)

    assert performing.poll(github) == 1

    ticket.refresh_from_db()
    note = Message.objects.get(ticket=ticket)
    assert (ticket.escalation, ticket.status_id, ticket.waiting_since is not None) == (Escalation.CLOSED, Status.OPEN, True)
    assert (note.kind, "hubs/infra#1 was closed (completed)" in note.body_text, note.author_label) == ("note", True, "GitHub")
    assert events(ticket, "issue_closed") == [("issue_closed", "hubs/infra#1")]


def test_title_that_strangers_wrote_calls_nobody(simulator, github, target, sam):
    ticket = TicketFactory()
    escalating.escalate(ticket, target=target, draft=replace(DRAFT, title="Could @Sam Okafor look"), by=acting(sam))
    perform_due()
    simulator.close("hubs/infra", 1)

    performing.poll(github)

    assert ("@Sam Okafor" in Message.objects.get(ticket=ticket).body_text, Mention.objects.count()) == (True, 0)


def test_closed_issue_of_a_solved_ticket_leaves_it_solved(simulator, github, target, sam):
    ticket = TicketFactory()
    escalated(target, sam, ticket)
    perform_due()
    tickets.solve(ticket, by=acting(sam))
    simulator.close("hubs/infra", 1)
    performing.poll(github)

    ticket.refresh_from_db()
    assert (ticket.escalation, ticket.status_id, Message.objects.count()) == (Escalation.CLOSED, Status.SOLVED, 0)


def test_reopened_issue_counts_as_open_again(simulator, github, target, sam):
    escalated(target, sam)
    perform_due()
    simulator.close("hubs/infra", 1)
    performing.poll(github)
    simulator.change("hubs/infra", 1, state="open", state_reason="reopened", assignees=[{"login": "eli"}])
    performing.poll(github)

    issue = GitHubIssue.objects.get()
    assert (issue.state, issue.assignees, Ticket.objects.get().escalation) == ("open", ["eli"], Escalation.OPEN)
    assert events(Ticket.objects.get(), "issue_reopened") == [("issue_reopened", "hubs/infra#1")]


def test_poll_of_what_did_not_change_is_one_free_question(simulator, github, target, sam):
    escalated(target, sam)
    perform_due()
    performing.poll(github)
    performing.poll(github)
    simulator.seen.clear()
    used = simulator.used

    assert performing.poll(github) == 0

    assert (len(simulator.seen), simulator.used) == (1, used)
    assert WatchedRepository.objects.get().etag != ""


def test_poll_of_one_repository_that_fails_holds_up_no_other(simulator, github, target, sam):
    other = IssueTarget.objects.create(name="Operations", repository="hubs/private", is_public=False)
    escalated(target, sam), escalated(other, sam)
    perform_due()
    simulator.close("hubs/infra", 1), simulator.close("hubs/private", 1)
    simulator.faults.add(Fault("error", path="/repos/hubs/infra/.*", times=9))

    assert performing.poll(github) == 1

    assert dict(GitHubIssue.objects.values_list("repository", "state")) == {"hubs/infra": "open", "hubs/private": "closed"}
    assert "502" in WatchedRepository.objects.get(repository="hubs/infra").last_error


def test_older_answer_never_overwrites_a_newer_one(simulator, github, target, sam):
    escalated(target, sam)
    perform_due()
    before = github.issue("hubs/infra", 1)
    GitHubIssue.objects.update(state="closed", remote_updated_at=before.updated_at + timedelta(seconds=1))

    assert performing.apply(GitHubIssue.objects.get().pk, before) is False
    assert GitHubIssue.objects.get().state == "closed"


def test_doorbell_reads_the_issue_and_one_that_is_gone_is_told(simulator, github, target, sam):
    escalated(target, sam)
    perform_due()
    simulator.change("hubs/infra", 1, title="Servers are fast")
    performing.refresh(github, "Hubs/Infra", 1)
    assert GitHubIssue.objects.get().title == "Servers are fast"
    simulator.store.find("hubs/infra", 1)["is_deleted"] = True

    performing.refresh(github, "hubs/infra", 1)

    assert (GitHubIssue.objects.get().state, Ticket.objects.get().escalation) == ("gone", Escalation.FAILED)


def test_address_that_is_none_of_the_web_is_not_kept(simulator, github, target, sam):
    escalated(target, sam)
    perform_due()
    simulator.change("hubs/infra", 1, html_url="javascript:alert(1)")
    performing.refresh(github, "hubs/infra", 1)

    assert GitHubIssue.objects.get().url == "http://api.github.test/hubs/infra/issues/1"


def test_doorbell_about_what_no_ticket_has_asks_nothing(simulator, github):
    performing.refresh(github, "hubs/infra", 9)

    assert simulator.seen == []


def test_link_reads_what_is_there(simulator, sam):
    simulator.store.add("hubs/infra", title="Known", body="", labels=["bug"], host="http://api.github.test")
    ticket = TicketFactory()
    escalating.link(ticket, url="http://api.github.test/hubs/infra/issues/1", by=acting(sam))
    perform_due()

    issue = GitHubIssue.objects.get()
    assert (issue.title, issue.labels, issue.state) == ("Known", ["bug"], "open")
    with pytest.raises(AlreadyLinked):
        escalating.link(ticket, url="http://api.github.test/hubs/infra/issues/1#issuecomment-3", by=acting(sam))


def test_link_of_what_github_does_not_have_is_refused_later(simulator, sam):
    escalating.link(TicketFactory(), url="http://api.github.test/hubs/infra/issues/9", by=acting(sam))
    perform_due()

    assert (GitHubIssue.objects.get().is_refused, Ticket.objects.get().escalation) == (True, Escalation.FAILED)


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/hubs/infra/issues/1", "http://api.github.test/hubs/infra/pull/1", "http://api.github.test/hubs/infra/issues/0"],
)
def test_link_of_another_address_is_no_issue(simulator, sam, url):
    with pytest.raises(NoIssue):
        escalating.link(TicketFactory(), url=url, by=acting(sam))


def test_unlink_lets_go_and_can_be_linked_again(simulator, sam):
    ticket = TicketFactory()
    simulator.store.add("hubs/infra", title="Known", body="", labels=[], host="")
    issue = escalating.link(ticket, url="http://api.github.test/hubs/infra/issues/1", by=acting(sam))
    escalating.unlink(issue, by=acting(sam))
    ticket.refresh_from_db()
    assert (ticket.escalation, events(ticket, "issue_unlinked")) == ("", [("issue_unlinked", "hubs/infra#1")])

    escalating.link(ticket, url="http://api.github.test/hubs/infra/issues/1", by=acting(sam))

    assert GitHubIssue.objects.linked().count() == 1


def test_link_without_a_token_is_kept_unread(sam):
    issue = escalating.link(TicketFactory(), url="https://github.com/hubs/infra/issues/4", by=acting(sam))

    assert (issue.state, issue.next_attempt_at, Ticket.objects.get().escalation) == ("", None, Escalation.OPEN)


def test_draft_holds_facts_and_no_private_detail(target):
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    member(community, Role.REPRESENTATIVE, name="Ana Ruiz")
    hub = a_hub(community, a_cluster("one"), facts={"images": [{"name": "quay.io/hub/r:2026.03"}]})
    text = "Ana Ruiz of Kelp Watch (ana@example.org) sees token=abcd1234"
    ticket = TicketFactory(community=community, subject="Kelp Watch: no server", body_text=text, hub=hub, kind="incident", impact="hub")

    drafted = escalating.draft(ticket, target)

    assert drafted.title == "kelp-watch: no server"
    assert "[name] of kelp-watch ([address]) sees token=[secret]" in drafted.body
    assert all(
        fact in drafted.body for fact in ("`one/kelp-watch`", "quay.io/hub/r:2026.03", "Incident", "Everybody on the hub", ticket.reference)
    )
    assert not any(private in drafted.body for private in ("Ana", "Ruiz", "ana@", "abcd1234", "Kelp Watch"))
    assert drafted.labels == ("support", "hub")


def test_draft_for_everybody_that_is_to_name_nobody_holds_no_hub_either(target):
    target.naming = "nobody"
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    hub = a_hub(community, a_cluster("kelp-cluster"), display_name="The Kelp Hub", facts={"image": "quay.io/kelpers/image:1"})
    hub.name = "kelp"
    hub.save()
    text = "The Kelp Hub at https://kelp-watch.hubs.example/hub is slow; kelp restarts. Kelp Watch asks."
    ticket = TicketFactory(community=community, subject="kelp is slow", body_text=text, hub=hub)

    drafted = escalating.draft(ticket, target)

    assert "[community] at https://[community]/hub is slow; [community] restarts. [community] asks." in drafted.body
    assert "kelp" not in f"{drafted.title}{drafted.body}".lower()
    target.is_public = False
    assert "`kelp-cluster/kelp`" in escalating.draft(ticket, target).body


def test_draft_with_the_short_name_keeps_the_hub_and_not_its_full_name(target):
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    ticket = TicketFactory(community=community, body_text="Kelp Watch Hub is slow", hub=a_hub(community, display_name="Kelp Watch Hub"))
    body = escalating.draft(ticket, target).body
    assert ("kelp-watch is slow" in body, "/kelp-watch`" in body, "Kelp Watch" in body) == (True, True, False)


@pytest.mark.parametrize(("naming", "called"), [("nobody", "[community]"), ("slug", "kelp-watch"), ("name", "Kelp Watch")])
def test_draft_names_the_community_as_the_repository_says(naming, called):
    target = IssueTarget(name="x", repository="a/b", naming=naming, is_public=False, template="{what} | {community} | {unknown}")
    ticket = TicketFactory(community=CommunityFactory(slug="kelp-watch", name="Kelp Watch"), body_text="Kelp Watch waits")

    body = escalating.draft(ticket, target).body

    assert body == f"{called} waits | {'—' if naming == 'nobody' else called} | {{unknown}}"


def signed(body, secret="secret"):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@override_settings(GITHUB_WEBHOOK_SECRET="secret")
@pytest.mark.parametrize(
    ("body", "signature", "status"),
    [
        (b'{"repository": {"full_name": "hubs/infra"}, "issue": {"number": 1}}', None, 200),
        (b'{"zen": "Keep it logically awesome."}', None, 200),
        (b'{"repository": [], "issue": {"number": "1"}}', None, 200),
        (b"no json", None, 400),
        (b"{}", "sha256=00", 401),
        (b"{}", "", 401),
    ],
)
def test_webhook_answers(body, signature, status):
    heard = Client().post(
        reverse("support:github_webhook"),
        body,
        "application/json",
        headers={"X-Hub-Signature-256": signed(body) if signature is None else signature},
    )

    assert heard.status_code == status


@override_settings(GITHUB_WEBHOOK_SECRET="")
def test_webhook_without_a_secret_refuses_even_what_an_empty_one_signs():
    body = json.dumps({}).encode()

    response = Client().post(reverse("support:github_webhook"), body, "application/json", headers={"X-Hub-Signature-256": signed(body, "")})

    assert response.status_code == 401


def test_issues_are_the_desks_to_see(simulator, target, sam):
    escalated(target, sam)
    outsider = member(CommunityFactory())

    assert (GitHubIssue.objects.visible_to(acting(sam)).count(), GitHubIssue.objects.visible_to(acting(outsider)).count()) == (1, 0)
