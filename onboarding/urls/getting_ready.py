"""From acceptance to a hub, and to its end."""

from django.urls import path

from onboarding.views import asking, plans, steps

urlpatterns = [
    path("review/onboarding/", plans.overview, name="plans"),
    path("c/<slug:slug>/onboarding/", plans.plan, name="plan"),
    path("c/<slug:slug>/onboarding/<int:item>/settle/", plans.settle, name="settle_item"),
    path("c/<slug:slug>/onboarding/<int:item>/unsettle/", plans.unsettle, name="unsettle_item"),
    path("c/<slug:slug>/onboarding/ask/", asking.ask, name="ask_community"),
    path("c/<slug:slug>/onboarding/asked/<int:pk>/revoke/", asking.revoke, name="revoke_asking"),
    path("c/<slug:slug>/onboarding/questions/", asking.answer, name="answer"),
    path("c/<slug:slug>/onboarding/good/", steps.good, name="all_good"),
    path("c/<slug:slug>/onboarding/more/", steps.more, name="needs_more"),
    path("c/<slug:slug>/onboarding/live/", steps.live, name="go_live"),
    path("c/<slug:slug>/onboarding/agreement/", steps.agreement, name="record_agreement"),
    path("c/<slug:slug>/onboarding/agreement/<int:number>/next/", steps.renewal, name="decide_renewal"),
    path("c/<slug:slug>/onboarding/use/", steps.use, name="state_value"),
    path("c/<slug:slug>/onboarding/end/", steps.end, name="begin_end"),
    path("c/<slug:slug>/onboarding/end/unused/", steps.unused, name="say_unused"),
    path("c/<slug:slug>/onboarding/end/data/", steps.data, name="settle_data"),
    path("c/<slug:slug>/onboarding/end/deleted/", steps.deleted, name="say_deleted"),
    path("c/<slug:slug>/onboarding/end/withdraw/", steps.withdraw, name="withdraw_end"),
    path("c/<slug:slug>/onboarding/end/finish/", steps.finish, name="finish_end"),
    path("asked/", asking.asked, name="asked"),
    path("asked/<str:token>/", asking.open_asked, name="open_asked"),
]
