"""A desk with its embedded configuration repository, and the people of one community."""

import pytest

from communities.roles import Role, StaffGroup
from hubs import defaults
from hubs.deployers.git import Repository
from tests.factories import CommunityFactory, acting, member, staff


@pytest.fixture
def repository(tmp_path, settings, db):
    """The embedded configuration repository, with its shared cluster registered."""
    path = tmp_path / "configuration"
    settings.DEPLOYER_URL = f"git+file://{path}"
    settings.VAR_DIR = tmp_path
    defaults.ensure()
    return Repository(path)


@pytest.fixture
def representative(db):
    community = CommunityFactory(slug="aurora", name="Aurora", website="https://aurora.example.org")
    return acting(member(community, Role.REPRESENTATIVE, name="Ana", email="ana@example.org"))


@pytest.fixture
def community(representative):
    return representative.user.memberships.get().community


@pytest.fixture
def engineer(db):
    return acting(staff(StaffGroup.ENGINEER, name="Eve"))
