"""Links of imported text: relative paths, labels and roles become addresses of articles; images become files of ours."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from knowledgebase.importing.reading import Folder, SourceArticle, address_of, inside

INLINE = re.compile(r"(?P<bang>!?)\[(?P<words>[^\]]*)\]\((?P<target>[^()\s]+)(?P<title>\s+\"[^\"]*\")?\)")
ROLE = re.compile(r"\{(?P<role>[\w:.-]+)\}`(?P<content>[^`]+)`")
TITLED = re.compile(r"^(?P<words>.*?)\s*<(?P<target>[^<>]+)>$")
OUTSIDE = re.compile(r"^([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
SITE = re.compile(r"^/(status|apply|c|accounts)/")  # addresses of this site, not of the folder
FENCED = re.compile(r"(?ms)^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)\s*$")
QUOTED = re.compile(r"(?<!`)`[^`\n]+`")


@dataclass
class Linker:
    """Resolves what one article links to. `image_url` brings an image in and returns its address, or None."""

    folder: Folder
    article: SourceArticle
    image_url: Callable[[str], str | None]
    problems: list[str] = field(default_factory=list)

    def resolve(self, text: str) -> str:
        """That Markdown with every link resolved; code is left alone."""
        return _outside(
            FENCED, text, lambda prose: _outside(QUOTED, ROLE.sub(self._role, prose), lambda words: INLINE.sub(self._link, words))
        )

    def _link(self, found: re.Match[str]) -> str:
        target = found["target"]
        if found["bang"]:
            return self._image(found)
        if OUTSIDE.match(target) or SITE.match(target):
            return found[0]
        if target.startswith("/kb/"):
            return f"[{found['words']}](kb:{target.removeprefix('/kb/')})"
        resolved = self._target(target)
        if resolved is None:
            self.problems.append(f"a link that leads nowhere: {target}")
            return found["words"]
        return f"[{found['words'] or self._title(resolved)}](kb:{resolved})"

    def _image(self, found: re.Match[str]) -> str:
        url = None if OUTSIDE.match(found["target"]) else self.image_url(found["target"])
        if url is None:
            self.problems.append(f"an image that could not be brought in: {found['target']}")
            return found["words"]
        return f"![{found['words']}]({url})"

    def _role(self, found: re.Match[str]) -> str:
        titled = TITLED.match(found["content"])
        words, target = (titled["words"], titled["target"]) if titled else ("", found["content"])
        match found["role"]:
            case "doc" | "ref" | "numref":
                resolved = self._target(target)
                if resolved is None:
                    self.problems.append(f"a reference that leads nowhere: {target}")
                    return words or target
                return f"[{words or self._title(resolved)}](kb:{resolved})"
            case "guilabel" | "menuselection":
                return f"**{found['content']}**"
            case "kbd" | "code" | "file" | "command":
                return f"`{found['content']}`"
            case "term" | "abbr" | "sub" | "sup":
                return words or target
        self.problems.append(f"{{{found['role']}}} is not known here; its words are kept")
        return words or target

    def _target(self, target: str) -> str | None:
        """`address#anchor` of what a path, a label or an anchor means; None if nothing has it."""
        path, _hash, anchor = target.partition("#")
        tail = f"#{anchor}" if anchor else ""
        if not path:
            return self.folder.labels.get(anchor, f"{self.article.address}{tail}")
        if path in self.folder.labels:
            return self.folder.labels[path]
        here = self.article.path.rpartition("/")[0] or "."
        relative = inside(here, path)
        known = self.folder.titles()
        for candidate in (address_of(relative), address_of(f"{relative}/index")):
            if candidate in known:
                return f"{candidate}{tail}"
        return None

    def _title(self, resolved: str) -> str:
        return self.folder.titles().get(resolved.partition("#")[0], resolved)


def _outside(code: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that is not such code."""
    pieces, last = [], 0
    for found in code.finditer(text):
        pieces += [change(text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*pieces, change(text[last:])])
