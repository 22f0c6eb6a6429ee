"""Who asks, for whom, and where the hub shall run."""

from django.utils.translation import gettext_lazy as _

from hubs.questions.asking import ACCOUNT, CLUSTER, PROVIDER, Question

QUESTIONS = {
    "/kind": Question(
        _("What do you need?"),
        choices={
            "new-hub": _("A new hub"),
            "event": _("Room for an event"),
            "change": _("A change to a hub"),
            "decommission": _("The end of a hub"),
        },
    ),
    "/community": Question(_("Community")),
    "/requested_by": Question(_("Who asks")),
    "/requested_by/name": Question(_("Your name")),
    "/requested_by/email": Question(_("Your e-mail address"), example="ana@example.org"),
    "/requested_by/github": Question(_("Your GitHub name"), _("Without the @."), "octocat"),
    "/technical_contacts": Question(_("Technical contacts"), _("People we may ask about sign-in, images and data."), phase=ACCOUNT),
    "/technical_contacts/*/name": Question(_("Name of a technical contact"), phase=ACCOUNT),
    "/technical_contacts/*/email": Question(_("E-mail address of a technical contact"), example="lee@example.org", phase=ACCOUNT),
    "/technical_contacts/*/github": Question(_("GitHub name of a technical contact"), _("Without the @."), "octocat", phase=ACCOUNT),
    "/note": Question(_("Anything else we should know")),
    "/wanted_by": Question(_("When do you need it?"), _("We will say whether it can be done by then."), "2027-03-31"),
    "/cluster": Question(
        _("Cluster"), _("The group of machines the hub runs on. Most communities stay where they are."), "shared", PROVIDER, CLUSTER
    ),
    "/hub": Question(_("Hub"), _("Which of your hubs is this about?")),
    "/new_cluster": Question(_("A cluster of its own"), supplier=PROVIDER, phase=CLUSTER),
    "/new_cluster/name": Question(_("Name of the cluster"), _("Small letters, digits and hyphens."), "aurora", PROVIDER, CLUSTER),
    "/new_cluster/provider": Question(
        _("Cloud provider"),
        supplier=PROVIDER,
        phase=ACCOUNT,
        choices={
            "aws": _("Amazon Web Services"),
            "gcp": _("Google Cloud"),
            "azure": _("Microsoft Azure"),
            "kubeconfig": _("Another Kubernetes cluster"),
        },
    ),
    "/new_cluster/region": Question(_("Region"), _("Close to your people, or to your data."), "us-west-2", PROVIDER, CLUSTER),
    "/new_cluster/paid_by": Question(
        _("Who pays the cloud bill?"),
        supplier=PROVIDER,
        phase=ACCOUNT,
        choices={"organisation": _("We do"), "community": _("The community does")},
    ),
    "/new_cluster/account_name": Question(_("Name of the cloud account"), example="aurora-research", supplier=PROVIDER, phase=ACCOUNT),
    "/new_cluster/agreement_id": Question(
        _("Number of the agreement"), _("As the customer records have it."), "96791452357", PROVIDER, ACCOUNT
    ),
    "/new_cluster/gpus": Question(_("Are graphics processors needed?"), supplier=PROVIDER, phase=CLUSTER),
}
