"""A stored letter as a person is shown it: its fold says what is in it, and pictures from outside stand as words until they are asked for."""

import html
import re
from functools import partial
from urllib.parse import urlsplit

from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ground.quoting import FOLD

IMAGE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as nh3 writes it
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
ADDRESS = "data-remote-src"


def shown(text: str, *, images: bool) -> str:
    """What `ground.sanitising.letter_html` stored, as HTML for a page, in the reader's language. `images`: with those from outside."""
    said = html.escape(_("Show quoted text"))
    unfolding = text.replace(FOLD, FOLD.replace("</summary>", f"{said}</summary>"))
    return IMAGE.sub(partial(_image, is_shown=images), unfolding) if ADDRESS in unfolding else unfolding


def images_in(text: str) -> int:
    """How many pictures from outside a stored letter holds."""
    return sum(1 for image in IMAGE.finditer(text) if ADDRESS in _attributes(image)) if ADDRESS in text else 0


def _attributes(image: re.Match[str]) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in ATTRIBUTE.findall(image[1])}


def _image(image: re.Match[str], *, is_shown: bool) -> str:
    """One picture: ours as it stands, one from outside shown or named."""
    said = _attributes(image)
    address = said.pop(ADDRESS, "")
    if not address:
        return image[0]
    return _loaded(address, said) if is_shown else _named(address, said.get("alt", ""))


def _loaded(address: str, said: dict[str, str]) -> str:
    """The picture itself, over HTTPS as the page's policy wants it, and without telling where it is read."""
    kept: dict[str, str | bool] = {name: said[name] for name in ("alt", "width", "height") if name in said}
    source = re.sub("(?i)^http:", "https:", address)
    attributes = {"src": source, "alt": "", **kept, "referrerpolicy": "no-referrer", "loading": "lazy"}
    return f"<img{flatatt(attributes)}>"


def _named(address: str, alt: str) -> str:
    words = {"alt": " ".join(alt.split()), "host": urlsplit(address).hostname}
    said = _("%(alt)s: image from %(host)s, not shown") if words["alt"] else _("Image from %(host)s, not shown")
    return format_html('<span class="unshown">{}</span>', said % words)
