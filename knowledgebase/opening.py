"""Opening a knowledge base: its tree, its shelf of files, who may edit it, and its first articles."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from communities import groups
from communities.models import Community
from communities.roles import StaffGroup
from ground.actors import Actor
from knowledgebase.access import EDITORS, SHARED_EDITORS
from knowledgebase.importing import import_folder
from knowledgebase.models import KnowledgeBase, KnowledgeBases
from knowledgebase.reviewing import offer

CONTENT = Path(__file__).parent / "content"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
FILE_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)  # of Wagtail's own models


@transaction.atomic
def open_knowledge_base(community: Community, *, by: Actor) -> KnowledgeBase:
    """Give a community its knowledge base with starter articles in its language, which its champions may edit.

    Opened once, it stays as it is.
    """
    existing = KnowledgeBase.objects.filter(community=community).first()
    if existing:
        return existing
    knowledge_base = _plant(title=community.name, slug=f"c-{community.slug}", community=community, language=community.language)
    for role in EDITORS:
        grant(groups.group_for(community, role), knowledge_base)
    import_folder(starter_articles(community.language), knowledge_base, publish=True, by=by)
    log(knowledge_base, "knowledgebase.open", user=by.user, data={"by": by.label})
    return knowledge_base


@transaction.atomic
def open_shared(*, by: Actor) -> KnowledgeBase:
    """The shared knowledge base with the articles we ship; what an operator changed or removed stays so."""
    shared = KnowledgeBase.objects.filter(community=None).first()
    if shared is None:
        shared = _plant(title="Shared", slug="shared", community=None, language="en")
    offer(root())
    for staff_group in SHARED_EDITORS:
        grant_everything(staff_group)
    import_folder(CONTENT / "shared", shared, publish=True, by=by)
    return shared


def starter_articles(language: str) -> Path:
    """The folder of first articles in that language; English where there is none yet."""
    folder = CONTENT / "starter" / language
    return folder if folder.is_dir() else CONTENT / "starter" / "en"


def root() -> KnowledgeBases:
    """The page above all knowledge bases; Wagtail's own welcome page makes way for it."""
    existing = KnowledgeBases.objects.first()
    if existing:
        return existing
    top = Page.get_first_root_node()
    made: KnowledgeBases = top.add_child(instance=KnowledgeBases(title="Knowledge bases", slug="knowledge-bases"))
    site = Site.objects.filter(is_default_site=True).first()
    if site:
        welcome, site.root_page, site.site_name = site.root_page, made, settings.OPERATOR_NAME
        site.save()
        if welcome.depth == 2 and welcome.specific_class is Page and welcome.numchild == 0:
            welcome.delete()
    return KnowledgeBases.objects.get(pk=made.pk)


def grant(group: Group, knowledge_base: KnowledgeBase) -> None:
    """Let a group edit one knowledge base and its files, and nothing beside it."""
    _open_editor(group)
    _permit_pages(group, knowledge_base)
    _permit_files(group, knowledge_base.collection)


def grant_everything(staff_group: StaffGroup) -> None:
    """Let a staff group edit every knowledge base."""
    group, _created = Group.objects.get_or_create(name=staff_group.value)
    _open_editor(group)
    _permit_pages(group, root())
    _permit_files(group, Collection.get_first_root_node())


def _plant(*, title: str, slug: str, community: Community | None, language: str) -> KnowledgeBase:
    collection = Collection.get_first_root_node().add_child(name=title if community is None else f"{title} ({community.slug})")
    knowledge_base = KnowledgeBase(title=title, slug=slug, community=community, language=language, collection=collection)
    above = root()
    above.add_child(instance=knowledge_base)
    offer(above)
    return knowledge_base


def _open_editor(group: Group) -> None:
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))


def _permit_pages(group: Group, page: Page) -> None:
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def _permit_files(group: Group, collection: Collection) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILE_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
