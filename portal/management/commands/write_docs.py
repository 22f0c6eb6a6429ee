"""`write_docs`: writes the pages of docs/ that are drawn from the code; `--check` fails when one is stale."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import translation

from communities.access import RIGHTS, Right
from communities.roles import Role, StaffGroup
from ground import commands
from ground.states import MACHINES, Machine
from knowledgebase.placeholders import NAMES
from onboarding import rights

NOTICE = "<!-- Written by `make docs` from the code; edit the code. -->"


class Command(commands.Command):
    help = "Write docs/states.md, docs/roles.md and docs/facts.md from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a page is stale.")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("en"):
            pages = {"states.md": states_page(), "roles.md": roles_page(), "facts.md": facts_page()}
        folder = Path(settings.BASE_DIR) / "docs"
        stale = [name for name, text in pages.items() if not (folder / name).exists() or (folder / name).read_text() != text]
        if options["check"] and stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run `make docs`.", returncode=2)
        for name in stale:
            (folder / name).write_text(pages[name])


def states_page() -> str:
    """Every state machine, as a table and a diagram."""
    machines = sorted(MACHINES.values(), key=lambda machine: machine.name)
    body = "\n".join(line for machine in machines for line in machine_lines(machine))
    return f"# States\n\n{NOTICE}\n\nEach row moves through one door, `move_to()`, which writes who, when and why.\n{body}\n"


def machine_lines(machine: Machine) -> Iterator[str]:
    words = dict(machine.states.choices)
    yield f"\n## {machine.name}\n"
    yield "| state | word | may become |\n| --- | --- | --- |"
    for state, targets in machine.transitions.items():
        following = ", ".join(f"`{target}`" for target in machine.states.values if target in targets) or "nothing: it is final"
        yield f"| `{state}` | {words[state]} | {following} |"
    yield "\n```mermaid\nstateDiagram-v2"
    for state, targets in machine.transitions.items():
        yield from (f"    {state} --> {target}" for target in machine.states.values if target in targets)
    yield "```"


def roles_page() -> str:
    """Who may do what: staff everywhere, a role in its own community."""
    rooms: dict[str, list[Right]] = {}
    for right in sorted(RIGHTS.values(), key=lambda right: right.key):
        rooms.setdefault(right.key.split(".")[0], []).append(right)
    body = "\n".join(line for room, rights in rooms.items() for line in right_lines(room, rights))
    intro = "A staff group holds a right everywhere; a role holds it in its own community. Superusers hold all of them."
    commands = "\n".join(command_lines())
    return f"# Roles and rights\n\n{NOTICE}\n\n{intro}\n{body}\n\n{commands}\n"


def facts_page() -> str:
    """The facts of a reader's community that an article may name."""
    rows = "\n".join(f"| `{{{{ {name} }}}}` | {fact.meaning} | {fact.neutral} |" for name, fact in NAMES.items())
    intro = (
        "Written in an article, each is filled in from the reader’s community while reading: in text, headings, code and the targets of links. "
        "A link may begin with an address, as in `[Open]({{ hub.url }}hub/home)`. With several hubs a sentence names each; "
        "code and links, where only one can stand, show the last column or lead to the community’s hubs."
    )
    return f"# Facts in articles\n\n{NOTICE}\n\n{intro}\n\n| write | it is | without a community it reads |\n| --- | --- | --- |\n{rows}\n"


def command_lines() -> Iterator[str]:
    """The commands on applications, as `/review/rights/` shows them before a programme narrows any."""
    yield "## Commands on applications\n"
    yield "Pages and API give them through one door; a programme can narrow this table (`/review/rights/`) and never widen it.\n"
    yield "| command | who | from | on condition |\n| --- | --- | --- | --- |"
    for row in rights.table({}):
        yield f"| {row.words} (`{row.key}`) | {row.groups} | {row.states or '—'} | {'; '.join(row.conditions) or '—'} |"


def right_lines(room: str, rights: list[Right]) -> Iterator[str]:
    yield f"\n## {room}\n"
    yield "| may … | staff | in their community |\n| --- | --- | --- |"
    for right in rights:
        staff = ", ".join(str(group.label) for group in StaffGroup if group in right.staff) or "—"
        members = ", ".join(str(role.label) for role in Role if role in right.members) or "—"
        yield f"| {right.words} (`{right.key}`) | {staff} | {members} |"
