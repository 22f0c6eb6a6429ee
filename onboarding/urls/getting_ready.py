"""From acceptance to a hub, and to its end."""

from django.urls import path

from onboarding.views import moving, owing, plans

urlpatterns = [
    path("review/onboarding/", plans.overview, name="plans"),
    path("c/<slug:slug>/onboarding/", plans.plan, name="plan"),
    path("c/<slug:slug>/onboarding/<int:item>/settle/", plans.settle, name="settle_item"),
    path("c/<slug:slug>/onboarding/<int:item>/unsettle/", plans.unsettle, name="unsettle_item"),
    path("c/<slug:slug>/onboarding/ask/", owing.ask, name="ask_community"),
    path("c/<slug:slug>/onboarding/asked/<int:pk>/revoke/", owing.revoke, name="revoke_asking"),
    path("c/<slug:slug>/onboarding/questions/", owing.answer, name="answer"),
    path("c/<slug:slug>/onboarding/good/", moving.good, name="all_good"),
    path("c/<slug:slug>/onboarding/more/", moving.more, name="needs_more"),
    path("c/<slug:slug>/onboarding/live/", moving.live, name="go_live"),
    path("c/<slug:slug>/onboarding/agreement/", moving.agreement, name="record_agreement"),
    path("c/<slug:slug>/onboarding/agreement/<int:number>/next/", moving.renewal, name="decide_renewal"),
    path("c/<slug:slug>/onboarding/use/", moving.use, name="state_value"),
    path("c/<slug:slug>/onboarding/end/", moving.end, name="begin_end"),
    path("c/<slug:slug>/onboarding/end/unused/", moving.unused, name="say_unused"),
    path("c/<slug:slug>/onboarding/end/data/", moving.data, name="settle_data"),
    path("c/<slug:slug>/onboarding/end/deleted/", moving.deleted, name="say_deleted"),
    path("c/<slug:slug>/onboarding/end/withdraw/", moving.withdraw, name="withdraw_end"),
    path("c/<slug:slug>/onboarding/end/finish/", moving.finish, name="finish_end"),
    path("asked/", owing.asked, name="asked"),
    path("asked/<str:token>/", owing.open_asked, name="open_asked"),
]
