"""The deployer this desk works with, as DEPLOYER_URL names it, and the organisation it works for."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hubs import deployers
from hubs.deployers import Deployer, GitHubAccess, Organisation, Surroundings


def deployer() -> Deployer:
    """Whoever carries requests out. Raises ImproperlyConfigured, in words, when the setting names nobody."""
    return deployers.from_url(settings.DEPLOYER_URL, surroundings=surroundings())


def surroundings() -> Surroundings:
    """What a deployer is given of this desk."""
    github = GitHubAccess(
        api_url=settings.GITHUB_API_URL,
        token=settings.GITHUB_TOKEN,
        app_id=settings.GITHUB_APP_ID,
        app_private_key=settings.GITHUB_APP_PRIVATE_KEY,
        transport=settings.GITHUB_TRANSPORT,
    )
    return Surroundings(
        organisation=organisation(),
        folder=settings.VAR_DIR / "deployer",
        token=settings.DEPLOYER_TOKEN,
        github=github,
        transport=settings.DEPLOYER_TRANSPORT,
        is_debug=settings.DEBUG or settings.DEMO,
        site_url=settings.SITE_URL,
        local_hub=settings.LOCAL_HUB_VENV,
    )


def problem() -> str:
    """Why DEPLOYER_URL names nobody we can work with, in words; empty when it does."""
    try:
        deployer()
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def organisation() -> Organisation:
    """Who we are: front pages and commits carry it, and the addresses of hubs end in our domain unless a cluster says otherwise."""
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2] or "hubs.example"
    url = settings.SITE_URL if settings.SITE_URL.startswith("https://") else f"https://{domain}"
    return Organisation(name=settings.OPERATOR_NAME, url=url, email=settings.SUPPORT_EMAIL, domain_suffix=domain)
