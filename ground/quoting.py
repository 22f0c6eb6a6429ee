"""Where the history that a letter repeats below its new words begins and ends, found in HTML that nh3 has written."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

FOLD = '<details class="quoted"><summary></summary>'  # what it says is put in for each reader
FOLD_END = "</details>"
MOST_TAGS, MOST_DEEP = 10_000, 100  # a letter beyond is shown as it came
PICTURE = "\ufffc"

# What mail programs write around what they repeat, as `mark` says it and `folded` reads it.
HISTORY, ATTRIBUTION, HEAD, SIGNATURE, CITE = "from-history", "from-attribution", "from-head", "from-signature", "cite"
CLASSES = {
    **dict.fromkeys(("gmail_quote", "gmail_quote_container", "yahoo_quoted", "freshdesk_quote"), HISTORY),
    **dict.fromkeys(("protonmail_quote", "tutanota_quote", "zmail_extra"), HISTORY),
    **dict.fromkeys(("gmail_attr", "moz-cite-prefix"), ATTRIBUTION),
    **dict.fromkeys(("gmail_signature", "gmail_signature_prefix", "moz-signature"), SIGNATURE),
}
IDS = dict.fromkeys(("divRplyFwdMsg", "mail-editor-reference-message-container", "OLK_SRC_BODY_SECTION"), HEAD)
OUTLOOKS_RULE = re.compile(r"(?i)border-top:\s*solid\s+#(?:e1e1e1|b5c4df)|border:\s*none;\s*border-top:\s*solid")
HINTS = (
    *("_quote", "yahoo_quoted", "protonmail", "tutanota", "zmail_extra", 'cite"', "cite'", "=cite", "divrplyfwdmsg", "reference-message"),
    *("olk_src_body", "border-top", "original", "d'origine", "d’origine", "subject", "asunto", "assunto", "objet", "wrote", "escribi"),
    *("escreveu", "écrit", "&eacute;crit", "&#233;crit", "moz-cite", "<details", "&gt;", "\n>", ">>", "> >"),
)

TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|[^<]+")
VOID = {"br", "hr", "img"}
INLINE = {"a", "b", "code", "del", "em", "i", "img", "kbd", "s", "span", "strong", "sub", "sup", "u"}
HOLDS_BLOCKS = {"blockquote", "dd", "div", "figure", "li", "td", "th"}

WROTE = r"\b(?:wrote|escribió|escreveu|a écrit)\s?:$"
THEN_SOMEBODY_WROTE = re.compile(rf"(?i)^(?:on|el|em|no dia|le)\b.{{4,300}}{WROTE}")
SOMEBODY_WROTE = re.compile(rf"(?i)^.{{0,200}}@.{{0,200}}{WROTE}")
ORIGINAL = re.compile(r"(?i)^-{2,}\s*(?:original message|mensaje original|mensagem original|message d.origine|message original)\s*-{2,}$")
FORWARDED = re.compile(
    r"(?i)^(?:-{2,}\s*(?:forwarded message|mensaje reenviado|mensagem encaminhada|message transféré)|begin forwarded message)"
)
FROM = re.compile(r"(?i)^(?:from|de)\s?:\s*\S")
HEADER = re.compile(r"(?i)^(?:sent|date|to|cc|enviado(?: el)?|enviada(?: em)?|envoyé|fecha|data|para|à|subject|asunto|assunto|objet)\s?:")
RULE = re.compile(r"^[_-]{5,}$")
SIGNED = re.compile(r"(?i)^(?:--|—|__|sent from|get outlook|enviado (?:desde|do|a partir)|envoyé (?:de|depuis|à partir))")
SIGNATURE_LINES, SIGNATURE_LETTERS, HEADER_LINES, ATTRIBUTION_LINES, LONGEST_ATTRIBUTION = 6, 300, 6, 3, 400


class Sort(StrEnum):
    """What a line of a letter is."""

    WORDS = "words"
    CODE = "code"
    QUOTE = "quote"  # a mail program says so
    INDENTED = "indented"  # a blockquote of no program: anybody's
    ANGLED = "angled"  # begins with >
    ATTRIBUTION = "attribution"
    HEAD = "head"  # everything from here on is history
    SIGNATURE = "signature"


SORTS = {HEAD: Sort.HEAD, ATTRIBUTION: Sort.ATTRIBUTION, SIGNATURE: Sort.SIGNATURE}


@dataclass(frozen=True)
class Element:
    """One open element."""

    name: str
    tag: str
    start: int


@dataclass(frozen=True)
class Step:
    """One tag or piece of text, and the elements open before it."""

    token: re.Match[str]
    around: tuple[Element, ...]

    @property
    def name(self) -> str:
        return self.token[2] or ""

    @property
    def is_closing(self) -> bool:
        return bool(self.token[1])


@dataclass(frozen=True)
class Line:
    """One line as it is read, and from which step to before which it reaches. `container` is where the history around it begins."""

    text: str
    first: int
    after: int
    sort: Sort
    container: int | None = None


def may_repeat(text: str) -> bool:
    """Whether a letter is worth looking through: no sign of a quote means no quote. Takes microseconds; most letters hold none."""
    lowered = text.lower()
    return lowered.startswith(">") or any(hint in lowered for hint in HINTS)


def mark(tag: str, attribute: str, value: str) -> str | None:
    """What an attribute says of quoting, in our words; None when it says nothing."""
    if attribute == "class":
        return next((CLASSES[name] for name in map(_plain_name, value.split()) if name in CLASSES), None)
    if attribute == "id":
        return IDS.get(_plain_name(value))
    if attribute == "style":
        return HEAD if tag == "div" and OUTLOOKS_RULE.search(value) else None
    return CITE if attribute == "type" and value.casefold() == "cite" else None


def folded(text: str) -> str:
    """The letter with its trailing history inside `FOLD`; as it came when it has none, or nothing else. Not one word moves."""
    if text.count("<") > MOST_TAGS or FOLD in text:
        return text
    steps = _steps(text)
    lines = _with_containers(list(_lines(steps)))
    found = _history(lines)
    if found is None:
        return text
    first, after = found
    return _wrapped(text, steps, lines[first].first, lines[after - 1].after, is_last=after == len(lines))


def without_fold(text: str) -> str:
    """The letter without what is folded away in it."""
    before, fold, rest = text.partition(FOLD)
    return f"{before}<br>{_after_fold(rest)}" if fold else text


def _after_fold(rest: str) -> str:
    """What follows the end of the fold that `rest` begins in."""
    depth = 1
    for found in re.finditer(r"<(/?)details\b[^>]*>", rest):
        depth += -1 if found[1] else 1
        if depth == 0:
            return rest[found.end() :]
    return ""


def _plain_name(name: str) -> str:
    """Outlook writes x_ before the names of others, once for each time it was passed on."""
    return re.sub(r"^(?:x_)+", "", name)


def _steps(text: str) -> list[Step]:
    """Every tag and piece of text; none when the elements are nested deeper than a person writes. nh3 closes what it opens, in order."""
    steps: list[Step] = []
    around: tuple[Element, ...] = ()
    for token in TOKEN.finditer(text):
        steps.append(Step(token, around))
        if token[1]:
            around = around[:-1]
        elif token[2] and token[2] not in VOID:
            around = (*around, Element(name=token[2], tag=token[0], start=token.start()))
        if len(around) > MOST_DEEP:
            return []
    return steps


def _lines(steps: Sequence[Step]) -> Iterator[Line]:
    """The lines that hold something, in order."""
    held: list[int] = []
    for place, step in enumerate(steps):
        if step.name and step.name not in INLINE:
            yield from _line(steps, held)
            held = []
        elif step.name in {"", "img"} and (held or _words(step).strip()):
            held.append(place)
    yield from _line(steps, held)


def _words(step: Step) -> str:
    """What a step shows; a picture counts as a sign."""
    return PICTURE if step.name else html.unescape(step.token[0])


def _line(steps: Sequence[Step], held: Sequence[int]) -> Iterator[Line]:
    if not held:
        return
    text = " ".join("".join(_words(steps[place]) for place in held).split())
    around = steps[held[0]].around
    sort = _sort(around)
    if sort == Sort.WORDS and text.startswith(">"):
        sort = Sort.ANGLED
    container = next((element.start for element in around if f'"{HISTORY}"' in element.tag), None)
    yield Line(text=text, first=held[0], after=held[-1] + 1, sort=sort, container=container)


def _sort(around: Sequence[Element]) -> Sort:
    """What the elements around a line make of it."""
    is_repeated = False
    for element in around:
        is_repeated = is_repeated or f'"{HISTORY}"' in element.tag
        if element.name == "blockquote":
            return Sort.QUOTE if is_repeated or f'"{CITE}"' in element.tag else Sort.INDENTED
        if element.name in {"pre", "code"}:
            return Sort.CODE
        for word, sort in SORTS.items():
            if f'"{word}"' in element.tag:
                return sort
    return Sort.WORDS


def _with_containers(lines: Sequence[Line]) -> list[Line]:
    """In a program's history, what stands before its blockquote says who wrote; without a blockquote all of it is quoted."""
    quoting: dict[int | None, int] = {}
    for place, line in enumerate(lines):
        if line.sort == Sort.QUOTE:
            quoting.setdefault(line.container, place)

    def anew(place: int, line: Line) -> Line:
        if line.container is None or line.sort not in {Sort.WORDS, Sort.CODE}:
            return line
        if line.container not in quoting:
            return replace(line, sort=Sort.QUOTE)
        return replace(line, sort=Sort.ATTRIBUTION) if place < quoting[line.container] else line

    return [anew(place, line) for place, line in enumerate(lines)]


def _history(lines: Sequence[Line]) -> tuple[int, int] | None:
    """From which line to before which; None when there is none, when it is passed on to be read, or when it is all there is."""
    found = min(filter(None, (_headed(lines), _trailing(lines))), default=None)
    if found is None or found[0] == 0 or FORWARDED.match(lines[found[0]].text):
        return None
    return found


def _headed(lines: Sequence[Line]) -> tuple[int, int] | None:
    """What a head of From, Sent, To and Subject or a line of its own begins reaches to the end."""
    for place, line in enumerate(lines):
        if line.sort == Sort.HEAD or (line.sort == Sort.WORDS and (ORIGINAL.match(line.text) or _is_header(lines, place))):
            has_rule = place > 0 and RULE.match(lines[place - 1].text)
            return (place - 1 if has_rule else place), len(lines)
    return None


def _is_header(lines: Sequence[Line], place: int) -> bool:
    if not FROM.match(lines[place].text):
        return False
    return sum(1 for line in lines[place + 1 : place + 1 + HEADER_LINES] if HEADER.match(line.text)) >= 2


def _trailing(lines: Sequence[Line]) -> tuple[int, int] | None:
    """A quote with nothing after it but a short signature, and the line above it that says whose words they are."""
    quoted = {Sort.QUOTE, Sort.INDENTED, Sort.ANGLED}
    after = next((place + 1 for place in reversed(range(len(lines))) if lines[place].sort in quoted), 0)
    if not after or not _is_signature(lines[after:]):
        return None
    first = after - 1
    while first and lines[first - 1].sort in quoted:
        first -= 1
    attributed = _attributed(lines, first)
    if attributed == first and not _is_history(lines[first:after]):
        return None
    return attributed, after


def _is_history(run: Sequence[Line]) -> bool:
    """Whether a quote that nobody is named for is one: not an indented passage, not what was typed at Python's prompt."""
    if any(line.sort == Sort.QUOTE for line in run):
        return True
    angled = [line.text for line in run if line.sort == Sort.ANGLED]
    return bool(angled) and not all(text.startswith(">>>") for text in angled)


def _attributed(lines: Sequence[Line], first: int) -> int:
    """Where the words "On … wrote:" above a quote begin; `first` when there are none."""
    start = first
    while start and lines[start - 1].sort == Sort.ATTRIBUTION:
        start -= 1
    if start < first:
        return start
    nearest = range(first - 1, max(first - 1 - ATTRIBUTION_LINES, -1), -1)
    said = {above: " ".join(line.text for line in lines[above:first])[:LONGEST_ATTRIBUTION] for above in nearest}
    whole = next((above for above, words in said.items() if THEN_SOMEBODY_WROTE.match(words)), None)
    return whole if whole is not None else next((above for above, words in said.items() if SOMEBODY_WROTE.match(words)), first)


def _is_signature(tail: Sequence[Line]) -> bool:
    """Nothing, or a few short lines that begin as signatures do."""
    if not tail:
        return True
    if len(tail) > SIGNATURE_LINES or sum(len(line.text) for line in tail) > SIGNATURE_LETTERS:
        return False
    return tail[0].sort == Sort.SIGNATURE or bool(SIGNED.match(tail[0].text))


def _wrapped(text: str, steps: Sequence[Step], first: int, after: int, *, is_last: bool) -> str:
    """The HTML with those steps folded; elements that reach over an edge are closed before it and opened after it."""
    first = _before_opening(steps, first)
    outside = _outside(steps, first, after)
    after = _past_closing(steps, after, outside=outside, is_last=is_last)
    start, opened = _edge(text, steps, first)
    end, closed = _edge(text, steps, after)
    inner = f"{_openers(opened[outside:])}{text[start:end]}{_closers(closed[outside:])}"
    return f"{text[:start]}{_closers(opened[outside:])}{FOLD}{inner}{FOLD_END}{_openers(closed[outside:])}{text[end:]}"


def _before_opening(steps: Sequence[Step], first: int) -> int:
    """Elements that open just before the history belong to it, and so does a ruled line."""
    for place in reversed(range(first)):
        step = steps[place]
        if step.name and not step.is_closing and step.name not in {"br", "img"}:
            first = place
        elif step.name or _words(step).strip():
            break
    return first


def _outside(steps: Sequence[Step], first: int, after: int) -> int:
    """How many elements stay around the whole fold: those open all along, out to the nearest that may hold one."""
    along = [len(step.around) for step in steps[first : after + 1]]
    outside = min(along) if after < len(steps) else 0
    while outside and steps[first].around[outside - 1].name not in HOLDS_BLOCKS:
        outside -= 1
    return outside


def _past_closing(steps: Sequence[Step], after: int, *, outside: int, is_last: bool) -> int:
    """The fold takes along the ends of what it opened; when nothing is to be read behind it, everything up to its surroundings' end."""
    while after < len(steps):
        step = steps[after]
        closes_surroundings = step.is_closing and len(step.around) <= outside
        if closes_surroundings or not (is_last or step.is_closing):
            break
        after += 1
    return after


def _edge(text: str, steps: Sequence[Step], place: int) -> tuple[int, tuple[Element, ...]]:
    """Where a step begins in the text, and what is open there."""
    return (steps[place].token.start(), steps[place].around) if place < len(steps) else (len(text), ())


def _openers(elements: Sequence[Element]) -> str:
    return "".join(element.tag for element in elements)


def _closers(elements: Sequence[Element]) -> str:
    return "".join(f"</{element.name}>" for element in reversed(elements))
