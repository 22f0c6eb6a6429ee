"""The syntax inside a line: links, images, roles and code."""

import re

WORDS = r"(?P<words>(?:[^\[\]]|\\[\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\](?:\([^()]*\))?)*?)"
PLACE = r"\(\s*(?:<(?P<wrapped>[^<>\n]*)>|(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*))(?P<title>\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
IMAGE = re.compile(rf"!\[(?P<words>[^\[\]]*)\]{PLACE}(?:\{{[^{{}}\n]*\}})?")
INLINE = re.compile(rf"(?<![!\\])\[{WORDS}\]{PLACE}")
REFERENCED = re.compile(r"(?P<bang>!?)(?<!\\)\[(?P<words>[^\[\]\n]+(?:\n[^\[\]\n]+)?)\](?:\[(?P<key>[^\[\]]*)\])?(?![\[(:])")
DEFINITION = re.compile(
    r"(?m)^[ ]{0,3}\[(?P<key>[^\^\]\n][^\]\n]*)\]:[ ]*<?(?P<target>[^\s>]+)>?(?P<title>[ ]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^)\n]*\)))?[ ]*$"
)
PROJECT = re.compile(r"<(?:project|path|myst):(?P<target>[^<>\s]*)>")
BY_ITSELF = re.compile(r"<(?P<target>(?:#[^<>\s]+|[^<>\s:]+\.md(?:#[^<>\s]*)?))>")
ROLE = r"\{(?P<role>[A-Za-z][\w:.+-]*)\}(?P<quotes>`+)(?P<content>.+?)(?P=quotes)(?!`)"
FENCED = r"(?m:^)[ ]*(?:(?:[-*+>]|\d+[.)])[ ]+)*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ >]*(?P=fence)[`~]*[ ]*(?=\n|\Z)"
QUOTED = r"(?<!`)(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`)"
CODE_OR_ROLE = re.compile(rf"(?P<code>{FENCED})|(?<!\\)(?P<said>{ROLE})|(?P<quoted>{QUOTED})", re.DOTALL)


def definitions(text: str) -> dict[str, str]:
    """Targets of reference-style links by their key, code left aside."""
    prose = CODE_OR_ROLE.sub(lambda found: found[0] if found["said"] else "", text)
    return {" ".join(found["key"].split()).lower(): f"{found['target']}{found['title'] or ''}" for found in DEFINITION.finditer(prose)}
