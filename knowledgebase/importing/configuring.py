"""What a folder's configuration says: words that stand for others, and where other projects are found."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

CONFIGURATION = ("myst.yml", "_config.yml", "_toc.yml")
INVENTORIES = {  # documentation that others refer to by a short name; a folder's own configuration says more
    "infra": "https://infrastructure.2i2c.org/",
    "tc": "https://compass.2i2c.org/",
    "z2jh": "https://z2jh.jupyter.org/en/stable/",
    "jupyterhub": "https://jupyterhub.readthedocs.io/en/stable/",
    "jupyterbook": "https://jupyterbook.org/stable/",
    "myst": "https://mystmd.org/guide/",
    "python": "https://docs.python.org/3/",
}


def configurations_in(root: Path) -> Iterator[tuple[str, Any]]:
    for name in CONFIGURATION:
        path = root / name
        if path.is_file():
            try:
                yield name, YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            except (YAMLError, UnicodeDecodeError):
                continue


def substitutions_in(configuration: list[tuple[str, Any]]) -> dict[str, str]:
    """Words that stand for others, from the folder's configuration."""
    found: dict[str, str] = {}
    for _name, node in configuration:
        for way in (("project", "substitutions"), ("parse", "myst_substitutions"), ("sphinx", "config", "myst_substitutions")):
            found |= plain_values(_follow(node, way))
    return found


def inventories_of(root: Path, configuration: list[tuple[str, Any]]) -> dict[str, str]:
    """Base addresses of other projects by their short name, from the folder's configuration."""
    found: dict[str, str] = {}
    for _name, node in configuration:
        for way in (("project", "references"), ("sphinx", "config", "intersphinx_mapping")):
            found |= {str(name): _base(value) for name, value in (_follow(node, way) or {}).items()}
    found |= {str(name): _base(value) for name, value in _of_sphinx(root).items()}
    return {name: base for name, base in found.items() if base}


def said_to_sphinx(root: Path, name: str) -> Any:
    """What a `conf.py` says under that name, read and never run; None where it says nothing plain."""
    path = root / "conf.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return None
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
            try:
                return ast.literal_eval(node.value)
            except (ValueError, TypeError):
                return None
    return None


def _of_sphinx(root: Path) -> dict[str, Any]:
    found = said_to_sphinx(root, "intersphinx_mapping")
    return found if isinstance(found, dict) else {}


def _base(value: Any) -> str:
    """The address in `https://…`, `[https://…, null]` or `{url: https://…}`, with a slash at its end."""
    address = value.get("url") if isinstance(value, dict) else value[0] if isinstance(value, list | tuple) and value else value
    return f"{address.rstrip('/')}/" if isinstance(address, str) and address.startswith(("https://", "http://")) else ""


def _follow(node: Any, way: tuple[str, ...]) -> Any:
    for step in way:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def plain_values(node: Any) -> dict[str, str]:
    if not isinstance(node, dict):
        return {}
    return {str(name): str(value) for name, value in node.items() if isinstance(value, str | int | float)}
