"""Directives that are tables."""

import csv
import io
import re
from collections.abc import Sequence

from knowledgebase.importing.fences import Directive
from knowledgebase.importing.pieces import Block, Context, Maker
from knowledgebase.markdown import cells


def _table(directive: Directive, _context: Context) -> list[Block]:
    lines = [line for line in directive.text.split("\n") if line.strip()]
    return [rows_block([cells(line) for line in lines], directive)]


def _csv_table(directive: Directive, context: Context) -> list[Block]:
    text = directive.text
    if directive.options.get("file"):
        found = context.read(directive.options["file"])
        if found is None:
            context.tell(directive.line, f"a file that could not be included: {directive.options['file']}")
            return []
        text = found
    header = directive.options.get("header", "")
    rows = list(
        csv.reader(io.StringIO("\n".join(part for part in (header, text) if part)), delimiter=_delimiter(directive), skipinitialspace=True)
    )
    return [rows_block([[_cell(cell) for cell in row] for row in rows if row], directive)]


def _delimiter(directive: Directive) -> str:
    said = directive.options.get("delim", ",")
    return {"tab": "\t", "space": " "}.get(said, said[:1] or ",")


def _list_table(directive: Directive, context: Context) -> list[Block]:
    rows: list[list[list[str]]] = []
    for line in context.body(directive).split("\n"):
        outer = re.match(r"[*-][ ]+[*-](?:[ ]+(?P<text>.*))?$", line)
        inner = re.match(r"[ ]+[*-](?:[ ]+(?P<text>.*))?$", line)
        if outer:
            rows.append([[outer["text"] or ""]])
        elif inner and rows and len(line) - len(line.lstrip()) <= 4:
            rows[-1].append([inner["text"] or ""])
        elif line.strip() and rows:
            rows[-1][-1].append(line.strip())
    return [rows_block([[_cell(" ".join(cell)) for cell in row] for row in rows], directive)]


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def rows_block(rows: Sequence[Sequence[str]], directive: Directive) -> Block:
    lines = [f"| {' | '.join(row)} |" for row in rows if row]
    return Block("table", {"caption": directive.argument[:200], "rows": "\n".join(lines)}, [directive.first])


TABLES: dict[str, Maker] = {"table": _table, "csv-table": _csv_table, "list-table": _list_table}
