"""When hubs are not started on this machine: whoever signs in to one runs code in the desk's own name."""

from urllib.parse import urlsplit

from hubs.deployers.local_hub.tools import INSTALL, Tools

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def refusal(tools: Tools, *, is_debug: bool, site_url: str) -> str:
    """Why not, in words for an operator; empty when they are."""
    if not is_debug:
        return "DEPLOYER_URL=local-hub starts hubs whose users run code as the desk itself; it works with DEBUG=1 or in the demonstration only."
    if urlsplit(site_url).hostname not in LOOPBACK:
        return f"DEPLOYER_URL=local-hub is for one machine alone; SITE_URL is {site_url}, which is not loopback."
    if not tools.are_there:
        return f"DEPLOYER_URL=local-hub needs the optional extra; `{INSTALL}` installs it."
    return ""
