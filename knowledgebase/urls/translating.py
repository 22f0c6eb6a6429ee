"""Translations: begun, compared with their originals, and what a change means for them. Each once for the shared shelf, once a community."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from knowledgebase.views import translating

PAGES = (
    ("", translating.translations, "translations"),
    ("start/", translating.start, "translate"),
    ("<int:pk>/", translating.translation, "translation"),
    ("<int:pk>/follow/", translating.follow, "translation_follow"),
    ("changes/<int:pk>/", translating.change, "translation_change"),
    ("changes/<int:pk>/decide/", translating.decide, "translation_decide"),
)


def _addresses() -> Iterator[URLPattern]:
    for way, view, name in PAGES:
        yield path(f"kb/translations/{way}", view, name=name)
        yield path(f"c/<slug:slug>/kb/translations/{way}", view, name=f"community_{name}")


urlpatterns = list(_addresses())
