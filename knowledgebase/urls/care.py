"""What readers say of an article, and what needs care."""

from django.urls import path

from knowledgebase.views import care, feedback, found

urlpatterns = [
    path("kb/feedback/<int:key>/", feedback.feedback, name="feedback"),
    path("c/<slug:slug>/kb/feedback/<int:key>/", feedback.feedback, name="community_feedback"),
    path("kb/care/", care.care, name="care"),
    path("c/<slug:slug>/kb/care/", care.care, name="community_care"),
    path("kb/care/<int:key>/", care.looked, name="care_looked"),
    path("c/<slug:slug>/kb/care/<int:key>/", care.looked, name="community_care_looked"),
    path("kb/found/shown/", found.shown, name="found_shown"),
    path("c/<slug:slug>/kb/found/shown/", found.shown, name="community_found_shown"),
    path("kb/found/opened/", found.opened, name="found_opened"),
    path("c/<slug:slug>/kb/found/opened/", found.opened, name="community_found_opened"),
]
