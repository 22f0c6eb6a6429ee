"""What people write to a support desk, put together from whole sentences: most words common, some rare, as in life."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from demo.load.wording import COMMON, RARE
from support.search import text_of

GREETINGS = ("Hello,", "Hi all,", "Good morning,", "Dear team,", "Hi,")
ASKING = (
    "Since {day} {who} cannot {what}.",
    "When {who} try to {what}, the {thing} shows “{error}”.",
    "Could you please raise the {thing} limit before our {event} on {day}?",
    "How do we {what} for {who} without a new {thing}?",
    "We would like to add {package} to the {thing} before {day}.",
    "The {thing} of {who} was lost after the last {noun}.",
    "It worked until {day}; nobody here changed the {thing} or the {noun}.",
    "There are {number} people on the {thing} and it takes {number} minutes to {what}.",
    "The log says {error} in pod jupyter-{number}-{number}.",
)
ANSWERING = (
    "Thank you for telling us; we can see the {error} in the logs of the {thing}.",
    "We raised the {thing} limit to {number} GB; please restart your server and try to {what} again.",
    "The {package} package is part of the next {thing}, which will be out on {day}.",
    "Please send us the {thing} and the time of the {noun}, so that we can look it up.",
    "This is solved by the change of {day}; tell us if {who} still cannot {what}.",
    "We restarted the {thing} and will watch it until {day}.",
)
NOTING = (
    "Same cause as the {noun} of {day}: the {thing} ran out of {noun}.",
    "Asked the cloud provider about node {number}-{number}; their answer is due {day}.",
    "Do not restart the {thing} before {day}: their {event} runs on it.",
    "Needs a new {thing} with {package}; budget left for about {number} minutes.",
)
WHAT = (
    *("start their server", "log in", "open a notebook", "install a package", "save to the shared folder", "pull the course repository"),
    *("reach the dashboard", "share a file", "use the GPU profile", "read from the bucket", "run the tests", "open a terminal"),
)
WHO = ("our students", "two people", "some of the group", "everybody in the course", "the instructors", "the new members", "I")
EVENT = ("workshop", "lecture", "hackathon", "exam", "summer school", "review")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the weekend")
ERRORS = (
    *("HTTP 502", "HTTP 403", "spawn timed out", "no space left on device", "kernel died", "connection refused", "ImagePullBackOff"),
    *("disk quota exceeded", "token expired", "OOMKilled", "permission denied", "certificate has expired"),
)
PACKAGES = ("geopandas", "xarray", "pytorch", "tidyverse", "zarr", "dask", "rasterio", "cartopy", "jupytext", "nbgitpuller", "quarto")
POOL = 4000


@dataclass(frozen=True)
class Text:
    """A letter and how it is found."""

    said: tuple[str, ...]

    @property
    def plain(self) -> str:
        return "\n\n".join(self.said)

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(each)}</p>" for each in self.said)


class Writer:
    """Writes letters out of a pool of sentences, so that a million of them are quickly made; the same dice write the same letters."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._found: dict[str, tuple[str, ...]] = {}

    @cached_property
    def asking(self) -> Sequence[str]:
        return [self._fill(self.rng.choice(ASKING)) for _ in range(POOL)]

    @cached_property
    def answering(self) -> Sequence[str]:
        return [self._fill(self.rng.choice(ANSWERING)) for _ in range(POOL)]

    @cached_property
    def noting(self) -> Sequence[str]:
        return [self._fill(self.rng.choice(NOTING)) for _ in range(POOL)]

    def question(self) -> Text:
        return Text((self.rng.choice(GREETINGS), *self.rng.choices(self.asking, k=2), *self._aside()))

    def answer(self) -> Text:
        return Text((self.rng.choice(GREETINGS), *self.rng.choices(self.answering, k=2)))

    def note(self) -> Text:
        return Text((self.rng.choice(self.noting),))

    def stems_of(self, text: Text) -> list[str]:
        """The words a letter is found by; those of a sentence are worked out once."""
        for sentence in text.said:
            if sentence not in self._found:
                self._found[sentence] = tuple(text_of(sentence).split())
        return [word for sentence in text.said for word in self._found[sentence]]

    def _aside(self) -> tuple[str, ...]:
        """One letter in fifty speaks of what hardly anybody else speaks of."""
        return (f"It is about the {self.rng.choice(RARE)} data.",) if self.rng.random() < 0.02 else ()

    def _fill(self, sentence: str) -> str:
        choice = self.rng.choice
        return sentence.format(
            day=choice(DAYS),
            who=choice(WHO),
            what=choice(WHAT),
            thing=choice(COMMON),
            noun=choice(COMMON),
            error=choice(ERRORS),
            event=choice(EVENT),
            package=choice(PACKAGES),
            number=self.rng.randrange(2, 400),
        )
