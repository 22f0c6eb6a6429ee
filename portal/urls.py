"""Addresses of the portal."""

from django.urls import path, register_converter

from portal.months import MonthConverter
from portal.views import leaving, rooms, updates

register_converter(MonthConverter, "month")

app_name = "portal"
urlpatterns = [
    path("", rooms.start, name="start"),
    path("c/", rooms.communities, name="communities"),
    path("c/<slug:slug>/", rooms.community, name="community"),
    path("palette/", rooms.palette, name="palette"),
    path("status/", rooms.status, name="status"),
    path("c/<slug:slug>/leaving/", leaving.leaving, name="leaving"),
    path("c/<slug:slug>/leaving/prepare/", leaving.prepare, name="prepare_archive"),
    path("c/<slug:slug>/leaving/<uuid:key>/", leaving.take, name="take_archive"),
    path("c/<slug:slug>/updates/", updates.updates, name="updates"),
    path("c/<slug:slug>/updates/feed.xml", updates.feed, name="updates_feed"),
    path("c/<slug:slug>/updates/draft/", updates.draft, name="draft_update"),
    path("c/<slug:slug>/updates/mails/stop/", updates.stop_mails, name="stop_update_mails"),
    path("c/<slug:slug>/updates/mails/start/", updates.start_mails, name="start_update_mails"),
    path("c/<slug:slug>/updates/name-us/", updates.agree_to_be_named, name="agree_to_be_named"),
    path("c/<slug:slug>/updates/do-not-name-us/", updates.take_name_back, name="take_name_back"),
    path("c/<slug:slug>/updates/<month:month>/", updates.update, name="update"),
    path("c/<slug:slug>/updates/<month:month>/rows/<slug:fact>/", updates.rows, name="update_rows"),
    path("updates/", updates.public_updates, name="public_updates"),
    path("updates/feed.xml", updates.public_feed, name="public_feed"),
    path("updates/draft/", updates.public_draft, name="public_draft"),
    path("updates/<int:pk>/publish/", updates.publish, name="publish_update"),
    path("updates/<month:month>/", updates.public_update, name="public_update"),
    path("updates/<month:month>/rows/<slug:fact>/", updates.public_rows, name="public_update_rows"),
]
