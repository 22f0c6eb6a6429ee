"""What configuration files say about clusters and hubs, as people look for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Site:
    """Somebody with a page and perhaps a logo, as a hub's front page names them."""

    name: str = ""
    url: str = ""
    logo_url: str = ""


@dataclass(frozen=True)
class Homepage:
    """The front page: whose hub it is, who made, runs and pays for it, or where it leads instead."""

    org: Site = Site()
    designed_by: Site = Site()
    operated_by: Site = Site()
    funded_by: Site = Site()
    redirect_to: str = ""
    branch: str = ""


@dataclass(frozen=True)
class IdentityProvider:
    """An institution through which people sign in: its entity, the claim that becomes the user name, and whose addresses it lets in."""

    entity: str
    claim: str = ""
    domains: tuple[str, ...] = ()
    is_default: bool = False
    allow_all: bool = False


@dataclass(frozen=True)
class SignIn:
    """Who is let in besides the admins, and what becomes of what their account says."""

    organisations: tuple[str, ...] = ()
    identity_providers: tuple[IdentityProvider, ...] = ()
    domains: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    asks_for: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    admin_groups: tuple[str, ...] = ()
    allow_all: bool | None = None
    server: str = ""
    audience: str = ""
    claim: str = ""
    manages_groups: bool | None = None
    keeps_account: bool | None = None
    staff_are_admins: bool | None = None
    staff_known_by: str = ""


@dataclass(frozen=True)
class Size:
    """What somebody gets: memory in GB of 1024³ bytes, processors, the machine, and graphics cards."""

    memory_gb: float | None = None
    memory_guaranteed_gb: float | None = None
    cpus: float | None = None
    cpus_guaranteed: float | None = None
    machine: str = ""
    gpus: int = 0
    gpu: str = ""


@dataclass(frozen=True)
class Choice:
    """One thing to choose when a server is started. `of` is the question it answers (image, requests, …)."""

    of: str
    key: str
    title: str = ""
    description: str = ""
    image: str = ""
    pull: str = ""
    size: Size = Size()
    is_default: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One entry of the page on which people choose their server."""

    title: str
    key: str = ""
    description: str = ""
    is_default: bool = False
    groups: tuple[str, ...] = ()
    image: str = ""
    interface: str = ""
    size: Size = Size()
    choices: tuple[Choice, ...] = ()
    own_image: bool = False
    own_image_pull: str = ""
    builds_images: bool = False


@dataclass(frozen=True)
class Mount:
    """A folder that stands somewhere in everybody's server. `admins` when only in that of admins."""

    path: str
    source: str = ""
    size: str = ""
    claim: str = ""
    read_only: bool = False
    admins: bool = False


@dataclass(frozen=True)
class Storage:
    """Where home folders are kept."""

    kind: str = ""
    nfs: bool | None = None
    nfs_volume: bool | None = None
    server: str = ""
    share: str = ""
    disk: str = ""
    disk_used: bool | None = None
    mounts: tuple[Mount, ...] = ()


@dataclass(frozen=True)
class Culling:
    """When servers are stopped: how often it is looked, after which idle and which whole time, in seconds; whether users go too."""

    every: float | None = None
    timeout: float | None = None
    max_age: float | None = None
    users: bool | None = None


@dataclass(frozen=True)
class Binder:
    """What builds images from repositories, and its own page where it has one."""

    images_go_to: str = ""
    registry: str = ""
    account: str = ""
    page: str = ""
    sign_in: bool | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spare:
    """Room kept warm for those who come next."""

    servers: float | None = None
    memory: str = ""


@dataclass(frozen=True)
class HubFacts:
    """What the files say about one hub; what only a secret file says is blank."""

    cluster: str
    name: str
    display_name: str = ""
    domain: str = ""
    chart: str = ""
    values_files: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    authenticator: str = ""
    admins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    memory_gb: tuple[int, ...] = ()
    home_quota_gib: int | None = None
    default_url: str = ""
    organisation: str = ""
    features: tuple[str, ...] = ()
    chart_override: str = ""
    domain_override_file: str = ""
    expected_status: str = ""
    homepage: Homepage = Homepage()
    sign_in: SignIn = SignIn()
    profiles: tuple[Profile, ...] = ()
    server: Size = Size()
    storage: Storage = Storage()
    environment: Mapping[str, str] = field(default_factory=dict)
    culling: Culling = Culling()
    binder: Binder = Binder()
    spare: Spare = Spare()
    usage_quotas: tuple[str, ...] = ()
    own_code: tuple[str, ...] = ()
    node_labels: tuple[str, ...] = ()
    group_figures: tuple[str, ...] = ()
    image_pull: str = ""
    switched_off: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people go."""
        return f"https://{self.domain}"

    @property
    def is_staging(self) -> bool:
        """Changes are tried here first."""
        return "staging" in self.name

    @property
    def sizes(self) -> tuple[Size, ...]:
        """Everything somebody may get here."""
        return tuple(size for profile in self.profiles for size in (profile.size, *(choice.size for choice in profile.choices)))

    @property
    def machines(self) -> tuple[str, ...]:
        """The types of machines its servers run on."""
        return tuple(dict.fromkeys(size.machine for size in self.sizes if size.machine))

    @property
    def gpus(self) -> tuple[str, ...]:
        """The graphics cards somebody may get; the machine's type where the card is not named."""
        return tuple(dict.fromkeys(size.gpu or size.machine for size in self.sizes if size.gpus))


@dataclass(frozen=True)
class Support:
    """What watches over a cluster, in short."""

    files: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    grafana: str = ""
    grafana_readers: tuple[str, ...] = ()
    prometheus: str = ""
    prometheus_disk: str = ""
    prometheus_memory: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClusterFacts:
    """What the files say about one cluster."""

    name: str
    provider: str = ""
    region: str = ""
    account: str = ""
    is_shared: bool = False
    paid_by_us: bool | None = None
    agreement_id: int | None = None
    hubs: tuple[HubFacts, ...] = ()
    console: str = ""
    tenancy: str = ""
    cluster_name: str = ""
    cluster_type: str = ""
    credentials: str = ""
    resource_group: str = ""
    billing_export: str = ""
    billing_account: str = ""
    filestores: tuple[str, ...] = ()
    support: Support = Support()

    @property
    def machines(self) -> tuple[str, ...]:
        """The types of machines its hubs offer."""
        return tuple(dict.fromkeys(machine for hub in self.hubs for machine in hub.machines))

    @property
    def gpus(self) -> tuple[str, ...]:
        """The graphics cards its hubs offer."""
        return tuple(dict.fromkeys(gpu for hub in self.hubs for gpu in hub.gpus))


@dataclass(frozen=True)
class Reading:
    """Everything a folder holds, and what could not be read."""

    clusters: tuple[ClusterFacts, ...]
    warnings: tuple[str, ...] = ()

    @property
    def hubs(self) -> tuple[HubFacts, ...]:
        """The hubs of all clusters."""
        return tuple(hub for cluster in self.clusters for hub in cluster.hubs)
