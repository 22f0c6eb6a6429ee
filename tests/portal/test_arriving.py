"""Communities that were served before this desk, from a table."""

import contextlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from communities.models import Community, Membership
from communities.states import CommunityState
from hubs import drifting
from hubs.models import Hub
from support.models import CompanyLink
from tests.factories import CommunityFactory
from tests.hubs.documents import new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db

HEADER = "name,slug,language,timezone,country,website,representative_email,representative_name,freshdesk_company_id,cluster,hubs\n"
REEF = "Reef Watch,reef,es,America/Lima,PE,https://reef.example.org,ana@reef.example.org,Ana,77,andes,prod;staging\n"


@pytest.fixture
def _site():
    call_command("setup", skip_migrate=True, verbosity=0)


@pytest.fixture
def told(tmp_path):
    def run(text):
        out, file = io.StringIO(), tmp_path / "communities.csv"
        file.write_text(text, encoding="utf-8")
        with contextlib.suppress(CommandError):  # when a row was refused
            call_command("import_communities", str(file), "--json", stdout=out)
        return json.loads(out.getvalue().strip().splitlines()[-1])

    return run


@pytest.mark.usefixtures("_site")
def test_a_community_enters_live_with_its_people_company_and_hubs_and_twice_is_once(told):
    andes = ClusterFactory(name="andes")
    HubFactory(cluster=andes, name="prod", community=None)
    CompanyLink.objects.create(freshdesk_company_id=77, name="Reef")
    first = told(HEADER + REEF)
    assert first == {"created": 1, "updated": 0, "unchanged": 0, "unmatched": ["reef: no hub andes/staging"], "problems": []}
    reef = Community.objects.get()
    assert (reef.slug, reef.state, reef.language, reef.country.code) == ("reef", CommunityState.LIVE, "es", "PE")
    assert [person.email for person in reef.representatives()] == ["ana@reef.example.org"]
    assert reef.company_link.freshdesk_company_id == 77
    assert Hub.objects.get(name="prod").community == reef
    assert reef.knowledge_base.get_children().exists()
    assert told(HEADER + REEF)["unchanged"] == 1
    assert (Community.objects.count(), Membership.objects.count(), CompanyLink.objects.count()) == (1, 1, 1)
    assert told(HEADER + REEF.replace("Reef Watch", "Reef Watch Peru"))["updated"] == 1


def test_a_row_that_is_refused_is_told_and_leaves_nothing(told):
    other = CommunityFactory(slug="other")
    CompanyLink.objects.create(freshdesk_company_id=77, name="Other", community=other)
    known = CommunityFactory(slug="reef", name="Reef Watch")
    figures = told(HEADER + REEF + "Nobody,nobody,xx,,,,,,,,\nLonely,lonely,en,,,,,,,,\n")
    assert (figures["created"], figures["updated"], len(figures["problems"])) == (0, 0, 3)
    assert "company 77 is another community" in figures["problems"][0]
    assert "language" in figures["problems"][1]
    assert "representative" in figures["problems"][2]
    known.refresh_from_db()
    assert (known.language, known.memberships.count(), Community.objects.count()) == ("en", 0, 2)


@pytest.mark.parametrize(("content", "words"), [(b"title\nx\n", "column “name”"), (b"name\n\xff\xfe\n", "UTF-8"), (b"", "column")])
def test_what_is_no_table_of_ours_ends_with_2(tmp_path, content, words):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words) as failure:
        call_command("import_communities", str(file))
    assert failure.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv") as failure:
        call_command("import_communities", str(tmp_path / "none.csv"))
    assert failure.value.returncode == 2


def test_pages_kept_under_its_old_name_are_dropped(told, settings, django_capture_on_commit_callbacks):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "arriving"}}
    published(bare(CommunityFactory(slug="reef", name="Reef")), title="One")
    before = Client().get("/c/reef/kb/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        told(HEADER + "Reef Watch,reef,,,,,,,,,\n")
    assert ("Reef Watch" in before, "Reef Watch" in Client().get("/c/reef/kb/").content.decode()) == (False, True)


@pytest.mark.usefixtures("_site")
def test_a_new_website_is_noticed_by_the_hub_requests_that_were_sent(told):
    told(HEADER + REEF)
    reef = Community.objects.get()
    request = HubRequestFactory(community=reef, document=new_hub(), state="submitted")
    drifting.begin(request)
    request.save()
    told(HEADER + REEF.replace("https://reef.example.org", "https://reef-watch.example.org"))
    request.refresh_from_db()
    assert [(row["pointer"], row["after"]) for row in request.drift] == [("/hubs/0/homepage/org/url", "https://reef-watch.example.org")]
