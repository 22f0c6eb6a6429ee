"""Articles from tickets, and the tickets that cite an article."""

from django.urls import path

from support.views import writing_up

urlpatterns = [
    path("desk/tickets/<str:reference>/article/", writing_up.take, name="desk_write_up"),
    path("desk/tickets/<str:reference>/article/review/", writing_up.review, name="desk_write_up_review"),
    path("desk/tickets/<str:reference>/article/create/", writing_up.create, name="desk_write_up_create"),
    path("desk/articles/<int:pk>/tickets/", writing_up.desk_citing, name="desk_citing"),
    path("c/<slug:slug>/tickets/citing/<int:pk>/", writing_up.citing, name="citing"),
]
