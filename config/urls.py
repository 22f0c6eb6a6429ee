"""Every address of the site; each room keeps its own."""

from django.contrib import admin
from django.urls import include, path
from wagtail.admin import urls as editor_urls

from ground import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("cms/", include(editor_urls)),
    path("admin/", admin.site.urls),
    path("", include("communities.urls")),
    path("", include("portal.urls")),
]

handler400 = "ground.error_pages.bad_request"
handler403 = "ground.error_pages.forbidden"
handler404 = "ground.error_pages.not_found"
handler429 = "ground.error_pages.too_many"
handler500 = "ground.error_pages.server_error"
