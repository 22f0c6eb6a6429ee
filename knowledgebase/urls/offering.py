"""What communities offer to the shared shelf."""

from django.urls import path

from knowledgebase.views import offering

urlpatterns = [
    path("c/<slug:slug>/kb/offers/", offering.of_community, name="offers_of_community"),
    path("c/<slug:slug>/kb/offers/new/<int:article>/", offering.offer, name="offer_article"),
    path("c/<slug:slug>/kb/offers/<int:pk>/withdraw/", offering.withdraw, name="withdraw_offer"),
    path("c/<slug:slug>/kb/offers/<int:pk>/use-shared/", offering.use_shared, name="use_shared"),
    path("kb/offers/", offering.waiting, name="offers"),
    path("kb/offers/<int:pk>/", offering.one, name="offer"),
    path("kb/offers/<int:pk>/take/", offering.take, name="take_offer"),
    path("kb/offers/<int:pk>/decline/", offering.decline, name="decline_offer"),
]
