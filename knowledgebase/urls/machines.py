"""What programs read, and what keeps articles for when there is no line."""

from django.urls import path

from knowledgebase.views import machines, offline

urlpatterns = [
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("llms.txt", machines.llms, name="llms"),
    path("kb/feed.xml", machines.feed, name="feed"),
    path("kb/offline.js", offline.worker, name="offline_worker"),
    path("kb/offline.html", offline.page, name="offline"),
    path("kb/<path:address>.md", machines.markdown, name="markdown"),
    path("c/<slug:slug>/kb/llms.txt", machines.llms, name="community_llms"),
    path("c/<slug:slug>/kb/feed.xml", machines.feed, name="community_feed"),
    path("c/<slug:slug>/kb/<path:address>.md", machines.markdown, name="community_markdown"),
]
