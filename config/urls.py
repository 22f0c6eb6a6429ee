"""Every address of the site; each room keeps its own."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter
from wagtail.admin import urls as editor_urls

from communities.api import CommunityViewSet
from ground import health
from hubs.api import ClusterViewSet, HubRequestViewSet, HubViewSet
from knowledgebase.api import ArticleViewSet
from onboarding.api import ApplicationViewSet
from support.api import TicketViewSet

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

api = DefaultRouter()
api.register("communities", CommunityViewSet, basename="community")
api.register("applications", ApplicationViewSet, basename="application")
api.register("tickets", TicketViewSet, basename="ticket")
api.register("hubs", HubViewSet, basename="hub")
api.register("clusters", ClusterViewSet, basename="cluster")
api.register("hub-requests", HubRequestViewSet, basename="hub-request")
api.register("articles", ArticleViewSet, basename="article")

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(
        "i18n/setlang/", csrf_exempt(set_language), name="set_language"
    ),  # pages that are kept for everybody hold nobody's token (docs/adr/0066)
    path("", include("communities.urls")),
    path("accounts/", include("allauth.urls")),
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(editor_urls)),
    path("admin/", admin.site.urls),
    path("", include("support.urls")),
    path("", include("onboarding.urls")),
    path("", include("hubs.urls")),
    path("", include("knowledgebase.urls")),
    path("", include("portal.urls")),
    path("api/v1/", include((api.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))

handler400 = "ground.error_pages.bad_request"
handler403 = "ground.error_pages.forbidden"
handler404 = "ground.error_pages.not_found"
handler429 = "ground.error_pages.too_many"
handler500 = "ground.error_pages.server_error"
