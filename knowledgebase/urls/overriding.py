"""A community's own versions of shared articles."""

from django.urls import path

from knowledgebase.views import overriding

urlpatterns = [
    path("c/<slug:slug>/kb/our-versions/", overriding.own_versions, name="own_versions"),
    path("c/<slug:slug>/kb/our-versions/write/<int:article>/", overriding.write_own, name="write_own"),
    path("c/<slug:slug>/kb/our-versions/<int:pk>/", overriding.compare, name="compare_own"),
    path("c/<slug:slug>/kb/our-versions/<int:pk>/adopt/", overriding.adopt, name="adopt_shared"),
    path("c/<slug:slug>/kb/our-versions/<int:pk>/keep/", overriding.keep, name="keep_own"),
    path("c/<slug:slug>/kb/our-versions/<int:pk>/stand-alone/", overriding.let_stand_alone, name="stand_alone"),
]
