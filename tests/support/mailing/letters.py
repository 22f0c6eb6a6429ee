"""Mails as mail servers deliver them, from the files beside this module."""

from pathlib import Path

FOLDER = Path(__file__).parent / "eml"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def eml(name: str, **values: str) -> bytes:
    """The mail of that name with lines ended as on the wire, and `{{word}}` replaced by what a test knows only while it runs."""
    raw = (FOLDER / f"{name}.eml").read_bytes()
    for word, value in values.items():
        raw = raw.replace(f"{{{{{word}}}}}".encode(), value.encode())
    return raw.replace(b"\n", b"\r\n")


def written(*, body: str = "Hello", **headers: str) -> bytes:
    """A plain mail with these headers; `_` in a name stands for a hyphen."""
    said = {"From": "Ana Reyes <ana.reyes@coastal.example>", "To": "support@hubs.example", "Subject": "Help"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
    return f"{lines}\r\n{body}\r\n".encode()
