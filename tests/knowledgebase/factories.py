"""Knowledge bases and articles for tests, made as the editor makes them."""

import io
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from communities.models import Community
from ground.actors import Actor
from knowledgebase import opening
from knowledgebase.blocks import BODY
from knowledgebase.models import Article, ArticleImage, Edition, KnowledgeBase

SYSTEM = Actor.system()


def bare(community: Community | None = None, *, language: str = "en") -> KnowledgeBase:
    """A knowledge base without articles, its editors granted; None is the shared one."""
    existing = KnowledgeBase.objects.filter(community=community).first()
    if existing:
        return existing
    slug = f"c-{community.slug}" if community else "shared"
    knowledge_base = opening._plant(title=str(community or "Shared"), slug=slug, community=community, language=language)
    for role in opening.EDITORS if community else ():
        opening.grant(opening.groups.group_for(community, role), knowledge_base)
    for group in opening.SHARED_EDITORS:
        opening.grant_everything(group)
    return knowledge_base


def draft(parent: Any, *, title: str, body: Any = "Text.", **fields: Any) -> Article:
    """An article nobody reads yet; a plain string is one block of text."""
    blocks = [{"type": "text", "value": body}] if isinstance(body, str) else body
    article = Article(title=title, body=BODY.to_python(blocks), live=False, **{"audience": "public", **fields})
    parent.add_child(instance=article)
    return article


def published(parent: Any, *, title: str, **fields: Any) -> Edition:
    """An article and its edition."""
    article = draft(parent, title=title, **fields)
    article.save_revision().publish()
    return Edition.objects.get(pk=article.pk)


def folder(root: Path, **files: str) -> Path:
    """A folder of files; `a__b` is `a/b.md`."""
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def picture(knowledge_base: KnowledgeBase, *, name: str = "map.png") -> ArticleImage:
    """A small image among that knowledge base's files."""
    content = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(content, "PNG")
    image = ArticleImage(title="Map", collection=knowledge_base.collection)
    image.file = ImageFile(io.BytesIO(content.getvalue()), name=name)
    image._set_image_file_metadata()
    image.save()
    return image
