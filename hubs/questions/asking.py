"""One question of a hub request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise

COMMUNITY = "community"
PROVIDER = "provider"

ACCOUNT = "p1_account"
CLUSTER = "p2_cluster"
INITIAL = "p3_1_initial"
STORAGE = "p3_2_storage"
PROFILES = "p3_3_profiles"
SIGN_IN = "p3_4_auth"
IMAGES = "p3_5_images"


@dataclass(frozen=True)
class Question:
    """What a person reads beside a field. `supplier` is community or provider; a blank `phase` means: when the request is sent."""

    label: Words
    hint: Words = ""
    example: str = ""
    supplier: str = COMMUNITY
    phase: str = ""
    choices: Mapping[str, Words] = field(default_factory=dict)
