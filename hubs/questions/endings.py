"""The end of a hub: when, why, and what becomes of the data."""

from django.utils.translation import gettext_lazy as _

from hubs.questions.asking import PROVIDER, Question

QUESTIONS = {
    "/decommission": Question(_("The end of the hub")),
    "/decommission/reason": Question(
        _("Why does it end?"),
        choices={
            "event-over": _("The event is over"),
            "agreement-ended": _("The agreement has ended"),
            "moved": _("We have moved elsewhere"),
            "unused": _("Nobody uses it"),
            "other": _("Another reason"),
        },
    ),
    "/decommission/note": Question(_("Anything else we should know")),
    "/decommission/last_day": Question(_("Last day people can use it"), _("Give them at least 30 days."), "2027-06-30"),
    "/decommission/data": Question(_("What becomes of the data?")),
    "/decommission/data/action": Question(
        _("What becomes of the data?"),
        choices={
            "delete": _("Delete it"),
            "migrate": _("Move it to another hub or place"),
            "archive": _("Keep a copy"),
        },
    ),
    "/decommission/data/confirmed_by": Question(_("Who confirms that it can be deleted?"), _("Deleting cannot be undone."), "Ana Ruiz"),
    "/decommission/data/destination": Question(_("Where to?"), example="s3://aurora-archive"),
    "/decommission/data/include": Question(
        _("Which data?"),
        choices={"home-directories": _("Home directories"), "hub-database": _("The hub's database"), "buckets": _("Shared storage")},
    ),
    "/decommission/users_told": Question(_("The people who use it have been told")),
    "/decommission/confirm_hub_name": Question(_("Type the name of the hub to be sure")),
    "/decommission/remove_cluster": Question(_("Remove the cluster too"), _("Possible when this is its last hub."), supplier=PROVIDER),
}
