"""Changes to a hub that runs."""

from django.utils.translation import gettext_lazy as _

from hubs.questions.asking import Question

QUESTIONS = {
    "/changes": Question(_("What shall change?")),
    "/changes/*/op": Question(
        _("What shall change?"),
        choices={
            "set_image": _("The image of an environment"),
            "set_environment": _("The environments to choose from"),
            "set_resources": _("Memory and machines"),
            "admins": _("The admins"),
            "set_storage": _("Storage"),
            "set_homepage": _("The front page"),
            "set_domain": _("The address"),
            "set_culling": _("When idle servers are stopped"),
            "feature": _("A feature, on or off"),
        },
    ),
    "/changes/*/profile": Question(_("Profile"), _("Leave empty for the one people get by default."), "Default"),
    "/changes/*/choice": Question(_("Environment"), _("Leave empty for the one people get by default."), "pangeo"),
    "/changes/*/image": Question(_("New image"), _("Public, with a fixed tag."), "quay.io/pangeo/pangeo-notebook:2026.08.01"),
    "/changes/*/add": Question(
        _("New admins"), _("GitHub names where people sign in with GitHub, e-mail addresses otherwise."), "ana@example.org"
    ),
    "/changes/*/remove": Question(_("No longer admins"), example="lee@example.org"),
    "/changes/*/idle_minutes": Question(_("Stop a server nobody uses after, in minutes"), example="60"),
    "/changes/*/max_age_hours": Question(_("Stop every server after, in hours"), example="168"),
    "/changes/*/feature": Question(
        _("Feature"),
        choices={
            "dask_gateway": _("Computing on many machines with Dask"),
            "gh_scoped_creds": _("Pushing to GitHub from the hub"),
            "dynamic_image_building": _("Building images from repositories"),
            "shared_public": _("A folder everybody can read and write"),
            "allusers": _("Admins can read everybody's files"),
            "git_pull": _("Fetching course material at the start"),
            "per_user_db": _("A database for each person"),
        },
    ),
    "/changes/*/enabled": Question(_("Switched on")),
    "/changes/*/parameters": Question(_("Details")),
}
