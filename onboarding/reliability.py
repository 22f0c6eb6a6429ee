"""How far reviewers agree on each criterion of a programme's rubric; where they do not, its level texts want work."""

from collections import defaultdict
from dataclasses import dataclass

from communities.models import Programme
from onboarding.agreement import RELIABLE, dependable_alpha, double_rated
from onboarding.models import Application, RubricVersion, Score
from onboarding.states import ReviewState


@dataclass(frozen=True)
class Agreement:
    """One criterion: α (None as long as too few applications were scored twice), and of how many applications."""

    criterion: str
    title: str
    alpha: float | None
    applications: int

    @property
    def wants_work(self) -> bool:
        """Whether people read its level texts differently."""
        return self.alpha is not None and self.alpha < RELIABLE


def agreement_of(programme: Programme, *, version: RubricVersion | None = None) -> list[Agreement]:
    """α per criterion, from submitted reviews with one rubric version (the current one), of applications in earnest."""
    version = version or RubricVersion.objects.current(programme)
    levels = _levels(programme, version)
    return [
        Agreement(
            criterion=criterion.key,
            title=str(criterion),
            alpha=dependable_alpha(levels[criterion.key].values()),
            applications=len(double_rated(levels[criterion.key].values())),
        )
        for criterion in version.content.criteria
    ]


def _levels(programme: Programme, version: RubricVersion) -> dict[str, dict[int, list[int]]]:
    """The levels each application got, by criterion."""
    scores = Score.objects.filter(
        review__state=ReviewState.SUBMITTED,
        review__rubric_version=version,
        review__application__in=Application.objects.sent().in_earnest().filter(programme=programme),
        level__isnull=False,
        not_applicable=False,
    )
    levels: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for criterion, application, level in scores.values_list("criterion", "review__application", "level"):
        levels[criterion][application].append(int(level or 0))
    return levels
