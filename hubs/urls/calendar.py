"""The calendar of events, and of the last days of hubs."""

from django.urls import path

from hubs.views import calendar

urlpatterns = [
    path("c/<slug:slug>/hubs/calendar/", calendar.community, name="community_calendar"),
    path("hubs/calendar/", calendar.month, name="calendar"),
    path("hubs/calendar/<int:year>/<int:number>/", calendar.month, name="calendar_month"),
    path("hubs/calendar/subscriptions/", calendar.subscriptions, name="subscriptions"),
    path("hubs/calendar/subscriptions/<int:pk>/revoke/", calendar.revoke, name="revoke_subscription"),
    path("hubs/calendar/feed/<str:secret>.ics", calendar.feed, name="calendar_feed"),
    path("hubs/calendar/<slug:reference>/", calendar.occasion, name="occasion"),
    path("hubs/calendar/<slug:reference>/task/", calendar.task, name="event_task"),
]
