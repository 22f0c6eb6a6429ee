"""One hub as engineers look it up: its facts grouped in plain words, what people choose from, and what changed."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ruamel.yaml import YAML

from hubs.having import feature_name, sign_in_name
from hubs.hub_page.changes import LATELY, Noted, noted
from hubs.hub_page.offers import Offer, Option, offers
from hubs.hub_page.words import Group, Row, Words, gigabytes, row, size, yes_no
from hubs.models import Hub
from hubs.told import is_size, listed, mapped, texts, words

__all__ = [
    "LATELY",
    "Group",
    "Noted",
    "Offer",
    "Option",
    "Row",
    "as_yaml",
    "groups",
    "noted",
    "offers",
    "row",
    "yes_no",
]

LONGEST_TEXT = 120_000  # characters of YAML on the page; the file holds all of it


def groups(hub: Hub, *, may_read_values: bool) -> list[Group]:
    """Its facts, those people look for most first; what variables hold only for those who may read its values."""
    spec = hub.spec
    found = [
        Group(_("Whose it is"), list(_whose(spec))),
        Group(_("Signing in"), list(_signing_in(hub, spec))),
        Group(_("Software"), list(_software(spec, may_read_values=may_read_values))),
        Group(_("Servers"), list(_servers(spec))),
        Group(_("Storage"), list(_storage(spec))),
        Group(_("Files"), list(_files(hub, spec))),
    ]
    return [group for group in found if group.rows]


def as_yaml(document: Mapping[str, Any]) -> str:
    """Values as the files write them, by name: a database keeps no order of its own."""
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.width = False, 4096
    writer.dump(_sorted(document), stream)
    return stream.getvalue()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(part) for part in value] if isinstance(value, list) else value


def _whose(spec: Mapping[str, Any]) -> Iterator[Row]:
    page = mapped(spec.get("homepage"))
    for key, label in (
        ("org", _("Organisation")),
        ("funded_by", _("Paid for by")),
        ("designed_by", _("Designed by")),
        ("operated_by", _("Run by")),
    ):
        site = mapped(page.get(key))
        yield from row(label, " · ".join(filter(None, [str(site.get("name") or ""), str(site.get("url") or "")])))
    yield from row(_("Logo"), mapped(page.get("org")).get("logo_url"))
    yield from row(_("Front page leads to"), page.get("redirect_to"))
    yield from row(_("Branch of the front page"), page.get("branch"))
    yield from row(_("Admins"), *listed(spec.get("admins")))


def _signing_in(hub: Hub, spec: Mapping[str, Any]) -> Iterator[Row]:
    rules = mapped(spec.get("sign_in"))
    method = str(hub.facts.get("authentication") or "")
    yield from row(_("Method"), sign_in_name(method))
    yield from row(_("Let in: organisations and teams"), *listed(rules.get("organisations")))
    yield from row(_("Let in: institutions"), *[_institution(each) for each in listed(rules.get("identity_providers"))])
    yield from row(_("Let in: addresses at"), *listed(rules.get("domains")))
    yield from row(_("Let in: groups"), *listed(rules.get("groups")))
    yield from row(_("Let in: accounts with"), *listed(rules.get("scopes")))
    yield from row(_("Let in by name"), *listed(rules.get("people")))
    yield from row(_("Admins by group"), *listed(rules.get("admin_groups")))
    yield from row(_("Everybody who can sign in"), yes_no(rules.get("allow_all")))
    yield from row(_("Sign-in service"), rules.get("server"), rules.get("audience"))
    yield from row(_("Asks the account for"), *listed(rules.get("asks_for")))
    yield from row(_("User name comes from"), rules.get("claim"))
    yield from row(_("Groups come from the account"), yes_no(rules.get("manages_groups")))
    yield from row(_("Keeps the account's keys"), yes_no(rules.get("keeps_account")))
    yield from row(_("Our staff are admins"), yes_no(rules.get("staff_are_admins")), rules.get("staff_known_by"))


def _software(spec: Mapping[str, Any], *, may_read_values: bool) -> Iterator[Row]:
    binder = mapped(spec.get("binder"))
    yield from row(_("Images"), *listed(spec.get("images")))
    yield from row(_("Pulled"), spec.get("image_pull"))
    yield from row(_("Opens with"), spec.get("default_interface"))
    yield from row(_("Features"), *map(feature_name, words(spec, "features")))
    yield from row(_("Images are built to"), binder.get("images_go_to"), binder.get("registry"), binder.get("account"))
    yield from row(_("Page of BinderHub"), binder.get("page"), *listed(binder.get("hosts")))
    yield from row(_("BinderHub asks for sign-in"), yes_no(binder.get("sign_in")))
    variables = mapped(spec.get("environment"))
    yield from row(_("Variables"), *([f"{key}={value}" for key, value in variables.items()] if may_read_values else variables))
    yield from row(_("Own program text"), *listed(spec.get("own_code")))


def _servers(spec: Mapping[str, Any]) -> Iterator[Row]:
    spare, cull = mapped(spec.get("spare")), mapped(spec.get("culling"))
    yield from row(_("Memory"), *[gigabytes(size) for size in listed(spec.get("memory_gb"))])
    yield from row(_("Where no choice says otherwise"), size(mapped(spec.get("server"))))
    yield from row(_("Machines"), *listed(spec.get("machines")))
    yield from row(_("Graphics cards"), *listed(spec.get("gpus")))
    yield from row(_("Stand on machines with"), *listed(spec.get("node_labels")))
    yield from row(_("Stopped"), *_stopping(cull))
    yield from row(_("Room kept warm"), *_warm(spare))
    yield from row(_("Limits of use"), *listed(spec.get("usage_quotas")))
    yield from row(_("Groups counted"), *listed(spec.get("group_figures")))


def _storage(spec: Mapping[str, Any]) -> Iterator[Row]:
    storage, quota = mapped(spec.get("storage")), spec.get("home_quota_gib")
    yield from row(_("Home folder"), _("%(size)s GiB") % {"size": number_format(quota)} if is_size(quota) else quota)
    yield from row(_("Kind"), storage.get("kind"))
    yield from row(_("File server"), storage.get("server"), storage.get("share"))
    yield from row(_("Disk"), storage.get("disk"))
    yield from row(_("Shared file system is used"), yes_no(storage.get("nfs")))
    yield from row(_("Its volume is used"), yes_no(storage.get("nfs_volume")))
    yield from row(_("Own disk is used"), yes_no(storage.get("disk_used")))
    yield from row(_("Folders besides"), *[_mount(each) for each in listed(storage.get("mounts"))])


def _files(hub: Hub, spec: Mapping[str, Any]) -> Iterator[Row]:
    yield from row(_("Chart"), hub.facts.get("chart"), spec.get("chart_override"))
    yield from row(_("Values files"), *listed(spec.get("values_files")))
    yield from row(_("Secret files, never opened"), *listed(spec.get("secret_files")))
    yield from row(_("Address kept in"), spec.get("domain_override_file"))
    yield from row(_("Answer that counts as well"), spec.get("expected_status"))
    yield from row(_("Switched off from the chart"), *listed(spec.get("switched_off")))
    yield from row(_("Read at commit"), str(hub.facts.get("observed_commit") or "")[:12])


def _stopping(cull: Mapping[str, Any]) -> Iterator[Words]:
    for key, said in (
        ("timeout", _("after %(time)s without use")),
        ("max_age", _("after %(time)s in any case")),
        ("every", _("looked every %(time)s")),
    ):
        if is_size(cull.get(key)):
            yield said % {"time": _duration(int(cull[key]))}
    if cull.get("users"):
        yield _("users are forgotten too")


def _duration(seconds: int) -> str:
    if seconds % 3600 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", seconds // 3600) % {"count": seconds // 3600}
    return ngettext("%(count)s minute", "%(count)s minutes", seconds // 60) % {"count": seconds // 60}


def _warm(spare: Mapping[str, Any]) -> Iterator[Words]:
    if is_size(spare.get("servers")) or spare.get("servers") == 0:
        yield ngettext("%(count)s place", "%(count)s places", int(spare["servers"])) % {"count": number_format(spare["servers"])}
    if spare.get("memory"):
        yield _("%(memory)s of memory each") % {"memory": spare["memory"]}


def _institution(provider: Any) -> str:
    known = mapped(provider)
    where = ", ".join(texts(known.get("domains"))) or (_("everybody there") if known.get("allow_all") else "")
    return " · ".join(filter(None, [str(known.get("entity") or ""), where, str(known.get("claim") or "")]))


def _mount(mount: Any) -> str:
    known = mapped(mount)
    notes = [
        str(known.get("size") or ""),
        str(known.get("claim") or ""),
        _("read only") if known.get("read_only") else "",
        _("admins only") if known.get("admins") else "",
    ]
    return " · ".join(filter(None, [str(known.get("path") or ""), str(known.get("source") or ""), *notes]))
