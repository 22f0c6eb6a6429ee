"""Words that synthetic tickets and articles are made of; some rare, most common, as in life."""

import random

COMMON = [
    "server",
    "image",
    "notebook",
    "python",
    "environment",
    "start",
    "memory",
    "login",
    "error",
    "package",
    "kernel",
    "update",
    "storage",
    "quota",
    "folder",
    "group",
    "course",
    "students",
    "dashboard",
    "profile",
    "terminal",
    "hub",
    "restart",
    "timeout",
    "access",
    "token",
    "dataset",
    "bucket",
    "branch",
    "link",
    "shared",
    "home",
    "directory",
    "gpu",
    "limit",
    "user",
    "session",
]
RARE = ("kelp", "bathymetry", "glacier", "permafrost", "lidar", "phenology", "zarr", "isotope", "estuary", "aerosol")
OPENINGS = (
    "Students cannot",
    "Please help us to",
    "How do we",
    "Since Monday we cannot",
    "Before the workshop we need to",
    "Some people fail to",
    "After the update we cannot",
)


def subject(rng: random.Random) -> str:
    """A line as people write it."""
    rare = f" {rng.choice(RARE)}" if rng.random() < 0.01 else ""
    return f"{rng.choice(OPENINGS)} {' '.join(rng.choices(COMMON, k=4))}{rare}"


def sentence(rng: random.Random, *, words: int = 14) -> str:
    text = " ".join(rng.choices(COMMON, k=words))
    return f"{text[0].upper()}{text[1:]}."


def paragraph(rng: random.Random, *, sentences: int = 3) -> str:
    return " ".join(sentence(rng) for _ in range(sentences))
