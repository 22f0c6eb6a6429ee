"""Taking a knowledge base along."""

from django.urls import path

from knowledgebase.views import exporting

urlpatterns = [
    path("kb/book.zip", exporting.book, name="book"),
    path("c/<slug:slug>/kb/book.zip", exporting.book, name="community_book"),
]
