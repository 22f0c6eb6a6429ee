"""Images and documents of articles."""

from django.urls import path

from knowledgebase.views import files

urlpatterns = [
    path("files/images/<uuid:key>/<str:spec>/", files.image, name="image"),
    path("files/documents/<uuid:key>/", files.document, name="document"),
]
