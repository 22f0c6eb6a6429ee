"""Links of imported text: paths, labels and roles become addresses of articles; images and documents become files of ours."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings

from knowledgebase.importing.html import without_html
from knowledgebase.importing.inline import BY_ITSELF, CODE_OR_ROLE, DEFINITION, IMAGE, INLINE, PROJECT, REFERENCED
from knowledgebase.importing.paths import inside
from knowledgebase.importing.pieces import Problem
from knowledgebase.importing.reading import Folder, SourceArticle, Target
from knowledgebase.importing.splitting import LABEL

TITLED = re.compile(r"(?P<words>.*?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
OUTSIDE = re.compile(r"(?:https?|mailto|tel|ftp|ftps):|//", re.IGNORECASE)
SITE = re.compile(r"/(status|apply|c|accounts)/")  # addresses of this site, not of the folder
OURS = re.compile(r"(?:kb:/*|/kb/|/c/[\w-]+/kb/)(?P<address>[^#]*)(?P<anchor>#.*)?")  # articles of a knowledge base here
OF_SITE = re.compile(r"/(?:files/(?:images|documents))/")
NO_ICON = "\ue002"
HIDDEN = re.compile("\ue000(\\d+)\ue001(\n*)")
PROSE_FILE = re.compile(r"\.(md|markdown|rst|ipynb|html?)$|(^|/)[^./]*/?$", re.IGNORECASE)


class Shelf(Protocol):
    """Where files of the folder are brought: each answers with the address of ours, or None when it cannot be brought."""

    def image(self, source: SourceArticle, target: str) -> str | None: ...
    def document(self, source: SourceArticle, target: str) -> str | None: ...


@dataclass
class Linker:
    """Resolves what one article links to."""

    folder: Folder
    article: SourceArticle
    shelf: Shelf
    problems: list[Problem] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    lines: Sequence[int] = (0,)

    def resolve(self, text: str, lines: Sequence[int] = (0,)) -> str:
        """That Markdown with every link resolved; code is left alone. `lines` are the numbers of its lines, or of its first."""
        self.lines, self.hidden = lines, []
        text = CODE_OR_ROLE.sub(self._code_or_role, text)
        text = re.sub(rf"(?m)^[ >]*{LABEL.pattern}(?:\n|\Z)", "", text)
        text = without_html(text, lambda said, position: self.tell(text, position, said))
        text = PROJECT.sub(r"[](\g<target>)", text)
        text = BY_ITSELF.sub(r"[](\g<target>)", text)
        text = DEFINITION.sub("", text)
        text = REFERENCED.sub(self._referenced, text)
        text = IMAGE.sub(lambda found: self._image(found, text), text)
        text = INLINE.sub(lambda found: self._link(found, text), text)
        text = re.sub(rf"{NO_ICON}[ ]?", "", text)
        text = re.sub(r"(?:[ ]*\n){3,}", "\n\n", HIDDEN.sub(self._unpadded, text))
        return HIDDEN.sub(lambda code: self.hidden[int(code[1])] + code[2], text).strip("\n")

    def tell(self, text: str, position: int, said: str) -> None:
        at = text[:position].count("\n")
        self.problems.append(Problem(self.lines[at] if 0 < at < len(self.lines) else self.lines[0] + at, said))

    def hide(self, code: str) -> str:
        self.hidden.append(code)
        return f"\ue000{len(self.hidden) - 1}\ue001" + "\n" * code.count("\n")

    def _unpadded(self, found: re.Match[str]) -> str:
        """Hidden code without the empty lines that kept numbers of lines right."""
        return f"\ue000{found[1]}\ue001{found[2][self.hidden[int(found[1])].count(chr(10)) :]}"

    def _code_or_role(self, found: re.Match[str]) -> str:
        return self._role(found) if found["said"] else self.hide(found[0])

    def _role(self, found: re.Match[str]) -> str:
        titled = TITLED.fullmatch(found["content"])
        words, target = (titled["words"], titled["target"]) if titled else ("", found["content"])
        role = Role(found["role"], found["content"], words, target.strip(), found)
        write = next((write for names, write in ROLES if names.fullmatch(role.name.lower())), _unknown)
        return write(self, role)

    def _referenced(self, found: re.Match[str]) -> str:
        key = found["key"] or found["words"]
        target = self.article.definitions.get(" ".join(key.split()).lower())
        return f"{found['bang']}[{found['words']}]({target})" if target else found[0]

    def _image(self, found: re.Match[str], text: str) -> str:
        target = found["wrapped"] or found["target"] or ""
        if OF_SITE.match(target):
            return found[0]
        url = None if OUTSIDE.match(target) else self.shelf.image(self.article, target)
        if url is None:
            self.tell(text, found.start(), f"an image that could not be brought in: {target}")
            return str(found["words"])
        if not found["words"].strip():
            self.tell(text, found.start(), f"an image without a description: {target}")
        return f"![{found['words']}]({url}{found['title'] or ''})"

    def _link(self, found: re.Match[str], text: str) -> str:
        target, words = _from_here(found["wrapped"] or found["target"] or ""), found["words"]
        ours = OURS.match(target)
        if ours:
            return f"[{words}](kb:{ours['address'].strip('/')}{ours['anchor'] or ''})"
        resolved = self.target(target)
        if resolved is not None:
            return f"[{words or resolved.title}]({self.link_to(resolved)}{found['title'] or ''})"
        if OUTSIDE.match(target) or SITE.match(target) or OF_SITE.match(target):
            return f"[{words}]({target}{found['title'] or ''})" if words else f"<{target}>"
        url = None if PROSE_FILE.search(target.partition("#")[0]) else self.shelf.document(self.article, target)
        if url is None:
            self.tell(text, found.start(), f"a link that leads nowhere: {target}")
            return str(words or target)
        return f"[{words or target.rpartition('/')[2]}]({url})"

    def link_to(self, target: Target) -> str:
        """What is written for it; a place of the same article is told without an address, so that it may move."""
        here = self.folder.target_of(self.article).address
        return f"#{target.anchor}" if target.anchor and not target.url and target.address == here else target.link

    def target(self, target: str) -> Target | None:
        """The article and place that a path, a label or an anchor means; None if nothing has it."""
        path, _hash, anchor = target.partition("#")
        if not path:
            return self.folder.label(anchor, within=self.article)
        known = self.folder.label(path) or self.folder.elsewhere(target)
        if known or OUTSIDE.match(target):
            return known
        here = self.article.path.rpartition("/")[0] or "."
        article = self.folder.at(inside(here, path))
        if article is None:
            return None
        place = self.folder.label(anchor, within=article) if anchor else None
        return place if place and place.address == article.address else self.folder.target_of(article)


def _from_here(target: str) -> str:
    """An address of this site, as its path."""
    return target.removeprefix(settings.SITE_URL) if target.startswith(f"{settings.SITE_URL}/") else target


@dataclass(frozen=True)
class Role:
    """A role as written: `{name}`words <target>``; without a target of its own, its content is one."""

    name: str
    content: str
    words: str
    target: str
    found: re.Match[str]


def _reference(linker: Linker, role: Role) -> str:
    resolved = linker.target(role.target.removeprefix("!"))
    if resolved is None:
        linker.tell(role.found.string, role.found.start(), f"a reference that leads nowhere: {role.target}")
        return role.words or role.target
    words = "" if role.name == "numref" and "%s" in role.words else role.words  # figures have no numbers here
    return f"[{words or resolved.title}]({linker.link_to(resolved)})"


def _term(linker: Linker, role: Role) -> str:
    resolved = linker.folder.terms.get(" ".join(role.target.split()).lower())
    words = role.words or role.content
    if resolved is None:
        linker.tell(role.found.string, role.found.start(), f"a term that no glossary explains: {role.target}")
        return words
    return f"[{words}](kb:{resolved})"


def _formula(linker: Linker, role: Role) -> str:
    linker.tell(role.found.string, role.found.start(), f"a formula is shown as code: {role.content}")
    return linker.hide(f"`{role.content}`")


def _unknown(linker: Linker, role: Role) -> str:
    linker.tell(role.found.string, role.found.start(), f"{{{role.name}}} is not known here; its words are kept")
    return role.words or role.target


ROLES: list[tuple[re.Pattern[str], Callable[[Linker, Role], str]]] = [
    (re.compile(r"(std:|external:)?(doc|ref|numref|any)"), _reference),
    (re.compile(r"(std:)?term"), _term),
    (re.compile(r"download"), lambda _linker, role: f"[{role.words or role.target.rpartition('/')[2]}]({role.target})"),
    (re.compile(r"eq|math"), _formula),
    (re.compile(r"kbd|sub|sup"), lambda linker, role: linker.hide(role.found[0])),  # readers see these as what they are
    (re.compile(r"emphasis"), lambda _linker, role: f"*{role.content}*"),
    (re.compile(r"guilabel|menuselection|strong|dfn"), lambda _linker, role: f"**{role.content.replace('-->', '→').strip()}**"),
    (
        re.compile(r"code|file|command|program|samp|literal|option|envvar|mimetype|regexp|py:\w+"),
        lambda linker, role: linker.hide(f"`{role.content}`"),
    ),
    (re.compile(r"abbr|team|role|u|user|span|sc|smallcaps"), lambda _linker, role: role.content),
    (re.compile(r"octicon|fa[srb]?|fa-\w+|material-[\w-]+|icon"), lambda _linker, _role: NO_ICON),
    (
        re.compile(r"bdg(-ref|-link)?(-[\w-]+)?|button"),
        lambda _linker, role: f"[{role.words}]({role.target})" if role.words else f"**{role.content}**",
    ),
]
