"""What DEPLOYER_URL says of a repository on GitHub, and the names its workflows go by: 2i2c's, unless the address says otherwise."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = {"workflow", "job", "support_job", "check", "label", "reviewer", "team"}


@dataclass(frozen=True)
class Options:
    """`repository` is ORG/REPO. Names of jobs and checks hold {cluster}, {hub} and {provider}; reviewers are people, teams are the organisation's."""

    repository: str
    workflow: str = "deploy-hubs.yaml"
    job: str = "{cluster}-{hub}-{provider}"
    support_job: str = "support-{cluster}-{provider}"
    check: str = "validate-{cluster}"
    labels: tuple[str, ...] = ("hub-request",)
    reviewers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Whose repository it is."""
        return self.repository.partition("/")[0]


def read(url: str) -> Options:
    """The options in `github+https://github.com/ORG/REPO?workflow=…&reviewer=…`. Raises ImproperlyConfigured, in words."""
    parts = urlsplit(url)
    names = parts.path.strip("/").removesuffix(".git").split("/")
    if not parts.netloc or len(names) != 2 or not all(_is_plain(name) for name in names):
        raise ImproperlyConfigured("DEPLOYER_URL for GitHub is github+https://github.com/ORG/REPO.")
    query = parse_qs(parts.query, keep_blank_values=False)
    if unknown := sorted(set(query) - KNOWN):
        raise ImproperlyConfigured(f"DEPLOYER_URL says {', '.join(unknown)}, which is not known; known are {', '.join(sorted(KNOWN))}.")
    single = {key: query[key][-1] for key in ("workflow", "job", "support_job", "check") if key in query}
    lists = {name: tuple(query[key]) for key, name in (("label", "labels"), ("reviewer", "reviewers"), ("team", "teams")) if key in query}
    options = Options("/".join(names), **single, **lists)  # type: ignore[arg-type]  # the keys are the fields' names
    _refuse_odd_names(options)
    return options


def _refuse_odd_names(options: Options) -> None:
    try:
        for name in (options.job, options.support_job, options.check):
            name.format(cluster="c", hub="h", provider="p")
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise ImproperlyConfigured("DEPLOYER_URL: names of jobs and checks may hold {cluster}, {hub} and {provider} alone.") from error
    if not _is_plain(options.workflow):
        raise ImproperlyConfigured("DEPLOYER_URL: the workflow is a file's name, such as deploy-hubs.yaml.")


def _is_plain(name: str) -> bool:
    """Letters, digits, hyphens, dots and underscores, and nothing that leads elsewhere."""
    return name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum() and not name.startswith(".")
