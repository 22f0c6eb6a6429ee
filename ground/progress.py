"""How far a long command is: a bar on a terminal, nothing where nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Tell = Callable[[int, int], None]


@contextmanager
def bar(words: str, *, unit: str) -> Iterator[Tell]:
    """Give a function that is told how many are done and how many there are; 0 where nobody knows."""
    with tqdm(desc=words, unit=f" {unit}", disable=None, leave=False, dynamic_ncols=True) as shown:

        def tell(done: int, total: int) -> None:
            shown.total = total or None
            shown.update(done - shown.n)

        yield tell
