"""Addresses of the knowledge bases and of their files; an article's own address takes whatever is left, so it comes last."""

from knowledgebase.urls import care, exporting, files, machines, offering, overriding, reading, searching, translating

app_name = "knowledgebase"
urlpatterns = [
    *files.urlpatterns,
    *exporting.urlpatterns,
    *searching.urlpatterns,
    *translating.urlpatterns,
    *overriding.urlpatterns,
    *offering.urlpatterns,
    *care.urlpatterns,
    *machines.urlpatterns,
    *reading.urlpatterns,
]
