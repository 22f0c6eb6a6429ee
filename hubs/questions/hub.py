"""What a hub is: its name, its people, its software, its machines, its storage, its front page."""

from django.utils.translation import gettext_lazy as _

from hubs.questions.asking import IMAGES, INITIAL, PROFILES, PROVIDER, SIGN_IN, STORAGE, Question

NAMES = {
    "/hubs": Question(_("The hubs"), phase=INITIAL),
    "/hubs/*": Question(_("The hub"), phase=INITIAL),
    "/hubs/*/name": Question(
        _("Short name of the hub"), _("Small letters, digits and hyphens. It cannot change later."), "prod", phase=INITIAL
    ),
    "/hubs/*/display_name": Question(_("Name people see"), example="Aurora Research Hub", phase=INITIAL),
    "/hubs/*/domain": Question(
        _("Address of the hub"), _("Without https://. The proposed one works at once."), "aurora.hubs.example", phase=INITIAL
    ),
    "/hubs/*/domain_owner": Question(
        _("Whose address is it?"),
        _("An address of yours needs a DNS entry (CNAME) that you make."),
        phase=INITIAL,
        choices={"organisation": _("Yours: please give us one"), "community": _("Our own")},
    ),
    "/hubs/*/type": Question(
        _("What kind of hub?"),
        phase=INITIAL,
        choices={
            "jupyterhub": _("A hub where people keep their work"),
            "binderhub-ui": _("A hub that builds environments from repositories (BinderHub)"),
            "ephemeral": _("A hub that keeps nothing"),
        },
    ),
}

SIGNING_IN = {
    "/hubs/*/authentication": Question(_("Signing in"), phase=SIGN_IN),
    "/hubs/*/authentication/method": Question(
        _("How do people sign in?"),
        _("Choose an account most of your people already have."),
        phase=INITIAL,
        choices={
            "cilogon": _("With their university or institution (CILogon)"),
            "github": _("With GitHub"),
            "google": _("With Google accounts of your domain"),
            "auth0": _("With Auth0 (surcharge)"),
            "generic-oauth": _("With another OpenID Connect provider (surcharge)"),
            "canvas": _("With Canvas (surcharge)"),
            "shared-password": _("With one password for everybody, for short events"),
            "tmp": _("Without a name, kept nothing"),
            "null": _("Not at all, for a public BinderHub"),
        },
    ),
    "/hubs/*/authentication/allowed_organizations": Question(
        _("GitHub organisations or teams"),
        _("Members of these may sign in. A team is written organisation:team."),
        "my-org:hub-users",
        phase=SIGN_IN,
    ),
    "/hubs/*/authentication/org_owner": Question(
        _("GitHub name of an owner of the organisation"),
        _("At the first sign-in this person presses “Grant”; before that nobody gets in."),
        "octocat",
        phase=SIGN_IN,
    ),
    "/hubs/*/authentication/admins": Question(
        _("Admins of the hub"),
        _("They can see who uses the hub and help people. GitHub names for GitHub, e-mail addresses otherwise; one or two are best."),
        "ana@example.org",
        phase=INITIAL,
    ),
    "/hubs/*/authentication/identity_providers": Question(_("Institutions"), phase=SIGN_IN),
    "/hubs/*/authentication/identity_providers/*/entity_id": Question(
        _("Institution's identifier"),
        _("As CILogon's list of institutions has it; your technical contact knows it, or ask us."),
        "https://idp.example.edu/idp/shibboleth",
        phase=SIGN_IN,
    ),
    "/hubs/*/authentication/identity_providers/*/username_claim": Question(
        _("What becomes the user's name"),
        _("It has to be unique and must never change."),
        "email",
        phase=SIGN_IN,
        choices={
            "email": _("E-mail address"),
            "eppn": _("Institutional name (eppn)"),
            "sub": _("Unique number (sub)"),
            "preferred_username": _("Preferred name"),
        },
    ),
    "/hubs/*/authentication/identity_providers/*/allowed_domains": Question(
        _("Only addresses of these domains"), _("Leave empty to let in everybody of the institution."), "example.edu", phase=SIGN_IN
    ),
    "/hubs/*/authentication/identity_providers/*/allow_all": Question(_("Everybody of this institution may sign in"), phase=SIGN_IN),
    "/hubs/*/authentication/allowed_hosted_domains": Question(
        _("Google domains"), _("People with an account of these domains may sign in."), "example.org", phase=SIGN_IN
    ),
    "/hubs/*/authentication/issuer": Question(
        _("Address of the identity provider"), example="https://login.example.org", supplier=PROVIDER, phase=SIGN_IN
    ),
    "/hubs/*/authentication/username_claim": Question(
        _("Claim that becomes the user's name"), example="sub", supplier=PROVIDER, phase=SIGN_IN
    ),
    "/hubs/*/authentication/scopes": Question(_("Scopes to ask for"), example="openid", supplier=PROVIDER, phase=SIGN_IN),
    "/hubs/*/authentication/secret_ref": Question(
        _("Where the password was handed over"), _("Never the password itself."), "vault entry 42", PROVIDER, SIGN_IN
    ),
    "/hubs/*/anonymize_usernames": Question(
        _("Keep no real names on the hub"), _("Names are replaced by codes everywhere."), phase=SIGN_IN
    ),
}

ENVIRONMENT = {
    "/hubs/*/environment": Question(_("Software"), phase=PROFILES),
    "/hubs/*/environment/images": Question(_("Environments people can choose"), phase=PROFILES),
    "/hubs/*/environment/images/*/title": Question(_("Name of the environment"), example="Pangeo with R", phase=PROFILES),
    "/hubs/*/environment/images/*/preset": Question(
        _("A ready-made environment"),
        phase=PROFILES,
        choices={
            "pangeo": _("Pangeo: geoscience in Python"),
            "rocker": _("Rocker: R and RStudio"),
            "scipy": _("SciPy: scientific Python"),
            "pytorch": _("PyTorch: machine learning"),
            "tensorflow": _("TensorFlow: machine learning"),
        },
    ),
    "/hubs/*/environment/images/*/image": Question(
        _("An image of your own"),
        _("Public, with a fixed tag. It needs JupyterHub inside."),
        "quay.io/my-org/my-image:2026.11.01",
        phase=IMAGES,
    ),
    "/hubs/*/environment/images/*/default": Question(_("This is what people get when they choose nothing"), phase=IMAGES),
    "/hubs/*/environment/images/*/allowed_groups": Question(_("Only for these GitHub teams"), example="my-org:gpu-users", phase=PROFILES),
    "/hubs/*/environment/bring_your_own_image": Question(_("People may type any public image"), phase=PROFILES),
    "/hubs/*/environment/dynamic_image_building": Question(_("People may build images from their repositories"), phase=PROFILES),
    "/hubs/*/environment/default_interface": Question(
        _("What opens first"), phase=PROFILES, choices={"/lab": "JupyterLab", "/tree": "Jupyter Notebook", "/rstudio": "RStudio"}
    ),
    "/hubs/*/environment/named_servers": Question(_("People may run several servers at once"), phase=PROFILES),
    "/hubs/*/environment/dask_gateway": Question(_("Computing on many machines with Dask"), phase=INITIAL),
}

MACHINES = {
    "/hubs/*/resources": Question(_("Machines"), phase=PROFILES),
    "/hubs/*/resources/instance_type": Question(_("Type of machine"), example="r5.xlarge", supplier=PROVIDER, phase=PROFILES),
    "/hubs/*/resources/max_memory_gb": Question(_("Most memory one person can choose, in GB"), example="30", phase=PROFILES),
    "/hubs/*/resources/choices": Question(_("How many sizes to choose from"), _("Each is half of the next."), "4", phase=PROFILES),
    "/hubs/*/resources/gpu": Question(_("Graphics processors"), _("Getting them from the cloud takes days."), phase=PROFILES),
    "/hubs/*/resources/gpu/type": Question(_("Type of graphics processor"), phase=PROFILES),
    "/hubs/*/resources/gpu/max_nodes": Question(_("How many at most at the same time"), example="2", supplier=PROVIDER, phase=PROFILES),
    "/hubs/*/resources/gpu/allowed_groups": Question(_("Only for these GitHub teams"), example="my-org:gpu-users", phase=PROFILES),
}

KEEPING = {
    "/hubs/*/storage": Question(_("Storage"), phase=STORAGE),
    "/hubs/*/storage/home_quota_gib": Question(_("Home directory of each person, in GiB"), example="10", phase=STORAGE),
    "/hubs/*/storage/scratch_bucket": Question(
        _("A shared place for data of the week"), _("Files are deleted after seven days."), phase=STORAGE
    ),
    "/hubs/*/storage/persistent_bucket": Question(_("A shared place for data that stays"), phase=STORAGE),
    "/hubs/*/storage/requester_pays": Question(_("Reading data where the reader pays"), _("Only on Google Cloud."), phase=STORAGE),
    "/hubs/*/storage/shared_public": Question(_("A folder everybody can read and write"), phase=STORAGE),
    "/hubs/*/storage/allusers_for_admins": Question(
        _("Admins can read everybody's files"), _("Tell the people who use the hub if you choose this."), phase=STORAGE
    ),
    "/hubs/*/github_push": Question(_("Pushing to GitHub from the hub"), phase=STORAGE),
}

FRONT_PAGE = {
    "/hubs/*/homepage": Question(_("Front page"), phase=INITIAL),
    "/hubs/*/homepage/org/name": Question(_("Name on the front page"), example="Aurora Institute", phase=INITIAL),
    "/hubs/*/homepage/org/url": Question(_("Your website"), example="https://aurora.example.org", phase=INITIAL),
    "/hubs/*/homepage/org/logo_url": Question(_("Address of your logo"), example="https://aurora.example.org/logo.png", phase=INITIAL),
    "/hubs/*/homepage/funded_by/name": Question(_("Who funds the hub"), example="Aurora Foundation", supplier=PROVIDER, phase=INITIAL),
    "/hubs/*/homepage/funded_by/url": Question(
        _("The funder's website"), example="https://foundation.example.org", supplier=PROVIDER, phase=INITIAL
    ),
    "/hubs/*/homepage/announcement": Question(_("Announcement on the front page"), phase=INITIAL),
}

QUESTIONS = {**NAMES, **SIGNING_IN, **ENVIRONMENT, **MACHINES, **KEEPING, **FRONT_PAGE}
