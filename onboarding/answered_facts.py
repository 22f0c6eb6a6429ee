"""What an accepted application says of its community and its people, for founding it."""

from typing import Any

from communities.founding import CommunityFacts, PersonFacts
from communities.roles import Role
from onboarding.hub_facts import Answers, as_person, known
from onboarding.models import Application

LONGEST_NAME = 120
MOST_PEOPLE = {"1_10": 10, "11_50": 50, "51_200": 200, "201_1000": 1000}
"""How many people an answer to `people.users_band` speaks of at most; “more than 1,000” has no end."""


def answers_of(application: Application) -> dict[str, Any]:
    """The answers that count: of the newest revision, without those another answer hid."""
    return dict(application.revisions.latest("number").shown_answers)


def community_facts(application: Application, answers: Answers) -> CommunityFacts:
    """The community in its own words; the champion represents it, or else whoever applied."""
    return CommunityFacts(
        name=str(known(answers, "community.long_name") or application.reference)[:LONGEST_NAME],
        short_name=str(known(answers, "community.short_name") or ""),
        programme=application.programme,
        language=application.language,
        timezone=str(known(answers, "contact.timezone") or "UTC"),
        country=str(known(answers, "community.country") or ""),
        website=str(known(answers, "community.website") or ""),
        description=str(known(answers, "community.description") or ""),
        agreed_people=MOST_PEOPLE.get(str(known(answers, "people.users_band"))),
        people=people(application, answers),
    )


def people(application: Application, answers: Answers) -> list[PersonFacts]:
    """Who is named, each once with all their roles; the confirmed address stands for whoever applied."""
    applicant = {"name": str(known(answers, "contact.name") or ""), "email": application.email}
    champion = as_person(answers, "people.community_champion")
    helper = as_person(answers, "people.hub_champion")
    roles: dict[str, set[Role]] = {}
    names: dict[str, str] = {}
    for person, given in (
        (champion or applicant, {Role.REPRESENTATIVE}),
        (helper, {Role.HUB_CHAMPION, Role.TECHNICAL_CONTACT}),
        (applicant, {Role.MEMBER}),
    ):
        if person:
            address = person["email"].strip().lower()
            roles[address] = roles.get(address, set()) | given
            names.setdefault(address, person["name"])
    return [_facts(address, names[address], held, application, answers) for address, held in roles.items()]


def _facts(address: str, name: str, held: set[Role], application: Application, answers: Answers) -> PersonFacts:
    """Being a member goes without saying for who holds another role."""
    is_applicant = address == application.email.strip().lower()
    return PersonFacts(
        email=address,
        name=name,
        roles=sorted(held - {Role.MEMBER}) or [Role.MEMBER],
        language=application.language,
        timezone=str(known(answers, "contact.timezone") or "") if is_applicant else "",
    )
