"""Addresses of incidents, at the desk and for everybody."""

from django.urls import path

from support.views import incidents, status

urlpatterns = [
    path("desk/incidents/", incidents.listing, name="incidents"),
    path("desk/incidents/declare/", incidents.declare, name="incident_declare"),
    path("desk/incidents/<str:reference>/", incidents.incident, name="incident"),
    path("desk/incidents/<str:reference>/edit/", incidents.edit, name="incident_edit"),
    path("desk/incidents/<str:reference>/updates/", incidents.say, name="incident_say"),
    path("desk/incidents/<str:reference>/duties/", incidents.share, name="incident_share"),
    path("desk/incidents/<str:reference>/notes/", incidents.note, name="incident_note"),
    path("desk/incidents/<str:reference>/follow-ups/", incidents.follow_up, name="incident_follow_up"),
    path("desk/incidents/<str:reference>/follow-ups/<int:pk>/done/", incidents.finish, name="incident_finish"),
    path("desk/incidents/<str:reference>/follow-ups/<int:pk>/undone/", incidents.unfinish, name="incident_unfinish"),
    path("desk/incidents/<str:reference>/timeline/", incidents.timeline, name="incident_timeline"),
    path("desk/tickets/<str:reference>/incident/", incidents.attach, name="incident_attach"),
    path("desk/tickets/<str:reference>/incident/leave/", incidents.detach, name="incident_detach"),
    path("incidents/mails/", incidents.mails, name="incident_mails"),
    path("status/feed.atom", status.feed, name="status_feed"),
    path("status/<int:year>/<int:number>/", status.month, name="status_month"),
    path("status/<str:reference>/", status.incident, name="status_incident"),
]
