"""How a hub on this machine is set up. JupyterHub reads this file as it is; every value comes from the folder that HUBDESK_PLACE names."""

import json
import os
import sys
from pathlib import Path

place = Path(os.environ["HUBDESK_PLACE"])
wanted = json.loads((place / "settings.json").read_text())
secret = json.loads((place / "secrets.json").read_text())
mark = {"HUBDESK_PLACE": str(place)}  # by it the last process of a hub is found, whatever became of the hub
ports, commands, cull = wanted["ports"], wanted["commands"], wanted["cull"]

c = get_config()  # type: ignore[name-defined]  # noqa: F821  JupyterHub gives it
c.JupyterHub.bind_url = f"http://127.0.0.1:{ports['public']}{wanted['base']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{ports['hub']}{wanted['base']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ports['proxy']}"
c.ConfigurableHTTPProxy.auth_token = secret["proxy"]
c.ConfigurableHTTPProxy.command = [commands["proxy"]]
c.ConfigurableHTTPProxy.pid_file = str(place / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{place / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(place / "cookie-secret")
c.JupyterHub.template_vars = {"announcement": wanted["announcement"]}
c.JupyterHub.authenticate_prometheus = False
c.PeriodicMetricsCollector.active_users_update_interval = 10

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = secret["password"]
c.SharedPasswordAuthenticator.admin_password = secret["admin_password"]
c.Authenticator.allow_all = True
c.Authenticator.admin_users = set(wanted["admins"])
c.Authenticator.username_pattern = wanted["username_pattern"]
c.Authenticator.blocked_users = {wanted["check_user"]}

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(place / "homes").replace("{", "{{").replace("}", "}}") + "/{username}"
c.Spawner.cmd = [commands["server"]]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.default_url = wanted["default_url"]
c.Spawner.environment = {**mark, "PATH": os.environ["PATH"]}
c.Spawner.start_timeout = 45
c.Spawner.http_timeout = 30

c.JupyterHub.services = [
    {"name": "hub-health", "api_token": secret["check"]},
    {
        "name": "idle-culler",
        "environment": mark,
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={cull['timeout']}", f"--max-age={cull['max_age']}"],
    },
]
c.JupyterHub.load_roles = [
    {"name": "hub-health", "services": ["hub-health"], "scopes": ["admin:users", "admin:servers", "access:servers", "read:hub"]},
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
]
