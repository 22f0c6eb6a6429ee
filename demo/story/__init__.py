"""The story that `make demo` loads: three communities at different points of the way, told through the public functions.

If the story runs, the product works; it is also a test. Everybody in it is invented.
"""

from communities.models import Community
from demo.story import desk, joining, letters, outages
from ground.sweep import perform_due
from onboarding.models import Application


def tell() -> list[Community]:
    """Tell all of it, once: Glaciares is served, Lagos is getting ready, Mangroves waits for its second reviewer."""
    if Application.objects.in_earnest().exists():
        return []
    cast = joining.meet()
    glaciares = joining.welcome("glaciares", cast)
    joining.sign_responsibilities(glaciares, cast)
    joining.ask_for_hub(glaciares, cast)
    lagos = joining.welcome("lagos", cast)
    joining.apply("mangroves")
    joining.half_reviewed(Application.objects.get(email="aissatou@mangroves.example.sn"), cast)
    desk.arrange(glaciares, lagos, cast)
    letters.write(glaciares, lagos, cast)
    outages.happen(glaciares, cast)
    perform_due()
    return [glaciares, lagos]
