"""Files sent along with an application: what is taken, who may have it, what deletes it."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import WrongState
from onboarding import files, intake, reviewing
from onboarding.access import can_have_file
from onboarding.models import Application, ApplicationFile, ReviewPolicy
from onboarding.states import ConflictKind
from onboarding.tasks import purge_drafts
from tests.factories import UserFactory, acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, FormVersionFactory, applied, draft
from tests.onboarding.files import FIELD, PDF, PNG, kept, upload
from tests.onboarding.review_factories import reviewer, screened
from tests.onboarding.typing_in import typed
from tests.support.files.test_contents import ELF, EXE

pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


@pytest.fixture
def application() -> Application:
    FormVersionFactory()
    return draft(created_at=timezone.now() - timedelta(hours=1))


def attach(application: Application, *uploads):
    return intake.attach(application, application.form_version.form.field(FIELD), uploads, by=ANYBODY)


def stored() -> list[str]:
    return default_storage.listdir("applications")[1] if default_storage.exists("applications") else []


def hold(client: Client, application: Application) -> Client:
    session = client.session
    session["application"] = application.pk
    session.save()
    return client


def test_file_is_kept_by_an_opaque_name_and_named_by_the_answer(application):
    etag = application.etag
    assert attach(application, upload("../../etc/Carta de apoyo.pdf")) == []
    file = ApplicationFile.objects.get()
    assert application.answers[FIELD] == [{"file": str(file.key), "name": "Carta de apoyo.pdf", "size": len(PDF)}]
    assert (file.content_type, file.sha256, file.sent_at) == ("application/pdf", hashlib.sha256(PDF).hexdigest(), None)
    assert "Carta" not in file.file.name
    assert application.etag == etag  # files stale no page
    assert Application.objects.get().answers == application.answers


def test_same_file_twice_is_there_once(application):
    attach(application, upload())
    assert attach(application, upload("again.pdf"), upload()) == []
    assert (len(application.answers[FIELD]), len(stored())) == (1, 1)


def zipped(size: int) -> bytes:
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * size)
    return holder.getvalue()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (upload("empty.pdf", b""), "is empty"),
        (upload("program.exe", EXE), "is a kind of file we do not take"),
        (upload("letter.pdf", EXE), "is not what the end of its name says"),
        (upload("letter.pdf", b"<script>alert(1)</script>%PDF-1.7"), "is not what the end of its name says"),
        (upload("picture.png", PDF), "is not what the end of its name says"),
        (upload("page.html", b"<script>alert(1)</script>"), "is a kind of file we do not take"),
        (upload("drawing.svg", b"<svg onload='alert(1)'/>"), "is a kind of file we do not take"),
        (upload("notes.txt", ELF), "is not what the end of its name says"),
        (upload("large.pdf", PDF + b"\0" * 5 * 1024 * 1024), "at most 5 MB"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_file_we_do_not_take_is_refused_kindly_and_the_others_are_kept(application, file, words):
    problems = attach(application, file, upload("good.pdf"))
    assert len(problems) == 1
    assert words in problems[0]
    assert [entry["name"] for entry in application.answers[FIELD]] == ["good.pdf"]
    assert len(stored()) == 1


def test_zip_bomb_is_weighed_as_it_comes_and_never_opened(application):
    bomb = zipped(50 * 1024 * 1024)
    assert attach(application, upload("data.zip", bomb)) == []
    assert ApplicationFile.objects.get().size == len(bomb) < 100_000


def test_name_that_hides_its_ending_is_said_plainly(application):
    attach(application, upload("letter\u202efdp.\x00png", PNG))
    assert [entry["name"] for entry in application.answers[FIELD]] == ["letterfdp.png"]


def test_fourth_file_is_refused_by_number(application):
    problems = attach(application, *(upload(f"{n}.pdf", PDF + bytes([n])) for n in range(4)))
    assert problems == ["“3.pdf” was not taken: here is room for 3 files. Remove one, or put several into one ZIP file."]
    assert len(application.answers[FIELD]) == 3


def test_files_too_large_together_are_refused(application):
    kept(application, "other.pdf", size=files.TOGETHER - 5, sent_at=None)
    assert "all your files together" in attach(application, upload())[0]


def test_file_is_taken_out_once_and_deleted(application, django_capture_on_commit_callbacks):
    attach(application, upload(), upload("b.pdf", PDF + b"b"))
    key = ApplicationFile.objects.get(name="letter.pdf").key
    question = application.form_version.form.field(FIELD)
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            intake.detach(application, question, key, by=ANYBODY)
    assert [entry["name"] for entry in application.answers[FIELD]] == ["b.pdf"]
    assert len(stored()) == 1


def test_last_file_taken_out_leaves_no_answer(application):
    attach(application, upload())
    intake.detach(application, application.form_version.form.field(FIELD), ApplicationFile.objects.get().key, by=ANYBODY)
    assert FIELD not in Application.objects.get().answers


def test_file_after_sending_is_refused():
    with pytest.raises(WrongState):
        attach(applied(), upload())


def test_sending_sends_the_files_that_the_answers_name(application):
    attach(application, upload())
    kept(application, "orphan.pdf", sent_at=None)
    intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)
    file = ApplicationFile.objects.get()
    assert (file.name, file.sent_at is not None) == ("letter.pdf", True)
    assert application.revisions.get().answers[FIELD][0]["name"] == "letter.pdf"


def test_purged_draft_takes_its_files_with_it(application, django_capture_on_commit_callbacks):
    attach(application, upload())
    other = draft(email="b@example.org")
    attach(other, upload())
    Application.objects.filter(pk=application.pk).update(purge_after=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        purge_drafts()
    assert (ApplicationFile.objects.get().application, len(stored())) == (other, 1)


def test_forget_deletes_every_file_of_one_application(application, django_capture_on_commit_callbacks):
    file, other = kept(ApplicationFactory()), kept(ApplicationFactory(), "other.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        assert files.forget(file.application) == 1
    assert (ApplicationFile.objects.get(), len(stored())) == (other, 1)


def test_files_visible_equal_the_predicate():
    sent, secret = kept(ApplicationFactory()), kept(draft(), sent_at=None)
    rows = [sent, secret, kept(ApplicationFactory(), "gone.pdf", removed_at=timezone.now()), kept(applied(), "unconfirmed.pdf")]
    rows.append(kept(applied(duplicate_of=sent.application), "joined.pdf"))
    for actor in [ANYBODY, acting(UserFactory()), acting(UserFactory(is_superuser=True)), *(acting(staff(group)) for group in StaffGroup)]:
        assert set(ApplicationFile.objects.visible_to(actor)) == {row for row in rows if can_have_file(actor, row)}, actor


# Through the pages


def save(client: Client, application: Application, name: str = "page", **changes):
    application.refresh_from_db()
    return client.post(reverse(f"onboarding:{name}", args=["send"]), typed(application, "send") | changes)


def test_file_stays_when_another_answer_of_the_page_has_a_problem(client, application):
    hold(client, application)
    page = save(client, application, **{FIELD: [upload(), upload("program.exe", EXE)], "consent.privacy": ""}).content.decode()
    assert "letter.pdf" in page
    assert "is a kind of file we do not take" in page
    assert "2 answers need another look" in page
    again = client.get(reverse("onboarding:page", args=["send"])).content.decode()
    assert 'name="files.attachments:remove"' in again


def test_files_are_added_and_removed_in_place(client, application):
    hold(client, application)
    assert "letter.pdf" in save(client, application, "attach", **{FIELD: upload()}).content.decode()
    key = str(ApplicationFile.objects.get().key)
    page = save(client, application, "attach", **{f"{FIELD}:remove": [key, "nonsense"]})
    assert (page.status_code, ApplicationFile.objects.count()) == (200, 0)


def test_file_of_a_stale_page_is_kept_too(client, application):
    hold(client, application)
    response = save(client, application, **{FIELD: upload(), "etag": "99"})
    assert response.status_code == 409
    assert "letter.pdf" in response.content.decode()


def test_files_come_back_with_the_draft_on_another_device(application):
    hold(Client(), application)
    attach(application, upload())
    assert "letter.pdf" in hold(Client(), application).get(reverse("onboarding:check")).content.decode()


@pytest.mark.parametrize(
    ("file", "content_type", "disposition"),
    [(("letter.pdf", PDF), "application/pdf", "attachment"), (("photo.png", PNG), "image/png", "inline")],
)
def test_file_is_served_to_its_holder_and_runs_nothing(client, application, file, content_type, disposition):
    attach(application, upload(*file))
    address = reverse("onboarding:file", args=[ApplicationFile.objects.get().key])
    assert client.get(address).status_code == 404
    response = hold(client, application).get(address)
    assert b"".join(response.streaming_content) == file[1]
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"].startswith(disposition)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert hold(Client(), draft(email="b@example.org")).get(address).status_code == 404


def test_file_is_kept_from_a_reader_with_a_conflict(client):
    application = screened()
    address = reverse("onboarding:file", args=[kept(application).key])
    person = reviewer()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404  # there is a question to answer first
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(person))
    assert b"".join(client.get(address).streaming_content) == PDF
    assert [(seen.viewer, seen.where, seen.label) for seen in application.view_records.all()] == [(person, "file", FIELD)]
    reviewing.declare_conflict(application, kind=ConflictKind.INSTITUTION, by=acting(person))
    assert client.get(address).status_code == 404


def test_file_about_people_is_hidden_where_people_are(client):
    application, person = screened(), reviewer()
    ReviewPolicy.objects.create(programme=application.programme, hide_people=True)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(person))
    addresses = [reverse("onboarding:file", args=[kept(application, field_key=key).key]) for key in (FIELD, "use.types")]
    for user, statuses in ((person, [404, 200]), (staff(StaffGroup.OPERATOR), [200, 200])):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answers = [client.get(address) for address in addresses]
        assert [answer.status_code for answer in answers] == statuses
        assert [b"".join(answer) for answer in answers if answer.streaming] == [PDF] * statuses.count(200)


def test_reviewer_finds_the_files_among_the_answers(client, application):
    from onboarding.questions.summary import summary

    line = next(
        line
        for section in summary(application.form_version.form, ANSWERS | {FIELD: [{"file": "x", "name": "a.pdf", "size": 3}]})
        for line in section.lines
        if line.key == FIELD
    )
    assert (line.words, [file["name"] for file in line.files]) == ("a.pdf (3\xa0bytes)", ["a.pdf"])
