"""What rendering needs besides the request and the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hubs.deployers.interface import Organisation


@dataclass(frozen=True)
class Circumstances:
    """Who runs the hubs, and what engineers have told when they settled preconditions (by precondition's key).

    `by_hand`: something is left to people, such as disks and sign-in; a deployer that needs nobody has no preconditions.
    """

    organisation: Organisation
    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_hand: bool = True

    def output(self, key: str, name: str) -> str:
        """One told value, blank while nobody has told it."""
        return self.outputs.get(key, {}).get(name, "")
