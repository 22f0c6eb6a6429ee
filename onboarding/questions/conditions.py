"""When a step or a question is asked: conditions on earlier answers, as data.

A leaf is `{id, op, value}`, a combination `{allOf: […]}`, `{anyOf: […]}` or `{not: …}`. No answer and "I don't know yet"
are alike: nothing holds of them but `falsy`, `neq` and `nin`.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from onboarding.questions.shape import Answers, Condition

PENDING = {"pending": True}


def is_pending(answer: Any) -> bool:
    """Whether somebody said "I don't know yet"."""
    return isinstance(answer, dict) and answer == PENDING


def is_answered(answer: Any) -> bool:
    """Whether there is an answer that says something."""
    return answer is not None and answer not in ("", [], {}) and not is_pending(answer)


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition is met; none always is."""
    match condition:
        case None:
            return True
        case {"allOf": parts}:
            return all(holds(part, answers) for part in parts)
        case {"anyOf": parts}:
            return any(holds(part, answers) for part in parts)
        case {"not": part}:
            return not holds(part, answers)
        case {"id": key, "op": op}:
            return OPERATIONS[op](answers.get(key), condition.get("value"))
    raise ValueError(f"not a condition: {condition!r}")


def is_readable(condition: Any) -> bool:
    """Whether `holds` can read it, whatever is answered: every part in its place, a list where an operation looks into one."""
    match condition:
        case None:
            return True
        case {"allOf": [*parts], **rest} | {"anyOf": [*parts], **rest} if not rest:
            return all(part is not None and is_readable(part) for part in parts)
        case {"not": part, **rest} if not rest:
            return part is not None and is_readable(part)
        case {"id": str(), "op": str() as op}:
            return op not in LOOKS_INTO or isinstance(condition.get("value"), list)
    return False


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """Every leaf of a condition."""
    match condition:
        case {"allOf": parts} | {"anyOf": parts}:
            for part in parts:
                yield from leaves(part)
        case {"not": part}:
            yield from leaves(part)
        case {}:
            yield condition


def _truthy(answer: Any, _value: Any) -> bool:
    return is_answered(answer) and bool(answer)


def _equal(answer: Any, value: Any) -> bool:
    return is_answered(answer) and bool(answer == value)


def _among(answer: Any, value: Any) -> bool:
    return is_answered(answer) and answer in value


def _has_any(answer: Any, value: Any) -> bool:
    return isinstance(answer, list) and any(each in answer for each in value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(answer: Any, value: Any) -> bool:
        comparable = (isinstance(answer, str) and isinstance(value, str)) or (
            isinstance(answer, int | float) and isinstance(value, int | float)
        )
        return comparable and compare(answer, value)

    return test


LOOKS_INTO = frozenset({"in", "nin", "has_any"})
OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "truthy": _truthy,
    "falsy": lambda answer, value: not _truthy(answer, value),
    "eq": _equal,
    "neq": lambda answer, value: not _equal(answer, value),
    "in": _among,
    "nin": lambda answer, value: not _among(answer, value),
    "has_any": _has_any,
    "gt": _ordered(operator.gt),
    "gte": _ordered(operator.ge),
    "lt": _ordered(operator.lt),
    "lte": _ordered(operator.le),
}
