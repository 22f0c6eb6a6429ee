"""Machines and the sizes people choose from: each half of the next, so that servers share machines without leaving gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GIB = 2**30
USABLE = 0.98  # some room for what runs beside people's servers

CAPACITIES = {
    "r5.xlarge": (3.725, 31_859_916_406),
    "r5.2xlarge": (7.685, 65_296_752_640),
    "r5.4xlarge": (15.695, 130_188_897_681),
    "r5.16xlarge": (63.575, 525_987_313_876),
    "r7i.xlarge": (3.725, 31_785_893_888),
    "r7i.4xlarge": (15.695, 129_585_561_600),
    "n2-highmem-4": (3.45, 28_967_406_928),
    "n2-highmem-16": (15.418, 124_447_031_296),
    "n2-standard-16": (15.418, 60_795_359_232),
    "n2-standard-64": (63.298, 257_075_171_328),
    "n4-standard-16": (15.418, 60_795_363_328),
}
"""CPUs and bytes left for people on each type of machine, as measured on running clusters."""

USUAL = {"aws": ("r5.xlarge", "r5.4xlarge", "r5.16xlarge"), "gcp": ("n2-highmem-4", "n2-highmem-16", "n2-standard-64")}
GPU_SELECTORS = {
    ("aws", "nvidia-tesla-t4"): {"node.kubernetes.io/instance-type": "g4dn.xlarge"},
    ("aws", "nvidia-l4"): {"node.kubernetes.io/instance-type": "g6.xlarge"},
    ("aws", "nvidia-a100"): {"node.kubernetes.io/instance-type": "p4d.24xlarge"},
}
GPU_NAMES = {"nvidia-tesla-t4": "NVIDIA Tesla T4", "nvidia-l4": "NVIDIA L4", "nvidia-a100": "NVIDIA A100"}


@dataclass(frozen=True)
class Size:
    """One choice of memory and CPU. Memory is guaranteed and the limit at once; unused CPU may be borrowed."""

    memory: int
    cpu: float
    cpu_limit: float
    machine: str = ""

    @property
    def gb(self) -> int:
        """As people say it."""
        return max(round(self.memory / GIB), 1)

    @property
    def key(self) -> str:
        """Its key among the choices."""
        return f"mem_{self.gb}_gb"

    def choice(self, *, default: bool) -> dict[str, Any]:
        """As a profile's option has it."""
        override: dict[str, Any] = {"mem_guarantee": self.memory, "mem_limit": self.memory}
        if self.cpu_limit:
            override |= {"cpu_guarantee": self.cpu, "cpu_limit": self.cpu_limit}
        if self.machine:
            override["node_selector"] = {"node.kubernetes.io/instance-type": self.machine}
        named: dict[str, Any] = {"display_name": f"{self.gb} GB RAM, ~{_short(self.cpu)} CPUs" if self.cpu_limit else f"{self.gb} GB RAM"}
        if self.cpu_limit:
            named["description"] = (
                f"~{_short(self.cpu_limit)} CPUs always available"
                if self.cpu == self.cpu_limit
                else f"Up to ~{_short(self.cpu_limit)} CPUs when available"
            )
        return {**named, **({"default": True} if default else {}), "kubespawner_override": override}


def sizes(resources: Mapping[str, Any], provider: str) -> list[Size]:
    """The choices, smallest first, none above the most memory asked for."""
    most, count = resources.get("max_memory_gb", 30), resources.get("choices", 4)
    machine = resources.get("instance_type") or usual_machine(provider, most)
    cpu, memory = CAPACITIES.get(machine, (0.0, int(most * GIB / USABLE)))
    steps = [2**power for power in range(count - 1, -1, -1)]
    found = [Size(int(memory * USABLE / step), _tidy(cpu * USABLE / step), _tidy(cpu * USABLE), machine) for step in steps]
    return [size for size in found if size.gb <= most] or found[:1]


def usual_machine(provider: str, memory_gb: float) -> str:
    """The smallest machine of the provider's usual ones that holds so much; blank where the cluster's machines are unknown."""
    family = USUAL.get(provider, ())
    fitting = [machine for machine in family if round(CAPACITIES[machine][1] * USABLE / GIB) >= memory_gb * 0.9]
    return fitting[0] if fitting else family[-1] if family else ""


def memory_of(machine: str) -> float:
    """Bytes for people on one machine of this type."""
    return CAPACITIES[machine][1] * USABLE


def gpu_profile(gpu: Mapping[str, Any], provider: str, image_option: Mapping[str, Any]) -> dict[str, Any]:
    """A profile on a machine with a graphics processor, for itself alone."""
    selector = GPU_SELECTORS.get((provider, gpu["type"]), {"cloud.google.com/gke-accelerator": gpu["type"]})
    profile: dict[str, Any] = {
        "display_name": f"{GPU_NAMES[gpu['type']]}, with a machine of its own",
        "description": "Start a server on a dedicated machine with a GPU",
        "slug": "gpu",
    }
    if gpu.get("allowed_groups"):
        profile["allowed_groups"] = list(gpu["allowed_groups"])
    override = {
        "environment": {"NVIDIA_DRIVER_CAPABILITIES": "compute,utility"},
        "mem_limit": None,
        "mem_guarantee": "14G",
        "node_selector": dict(selector),
        "extra_resource_limits": {"nvidia.com/gpu": "1"},
    }
    return {**profile, "profile_options": {"image": dict(image_option)}, "kubespawner_override": override}


def _short(cpus: float) -> str:
    return f"{cpus:.1f}" if cpus < 2 else f"{cpus:.0f}"


def _tidy(cpus: float) -> float:
    return round(cpus, 9)
