"""Addresses of the demonstration, present only with DEMO=1."""

from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.start, name="start"),
    path("hubs/", views.hubs, name="hubs"),
    path("mail/", views.mail, name="mail"),
    path("mail/<str:name>/", views.letter, name="letter"),
]
