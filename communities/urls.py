"""Addresses of the communities' room."""

app_name = "communities"
urlpatterns: list = []
