"""A request is checked by what it says it is, and every message names its field."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hubs import schema
from hubs.questions import WORDS, canonical, question
from tests.hubs import documents

TODAY = date(2027, 1, 4)


def found(document):
    return {(problem.pointer, problem.code) for problem in schema.problems(document, today=TODAY)}


def with_hub(**spec):
    return documents.new_hub(**spec)


def without(document, *path):
    place = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return document


SOUND = {
    "cilogon": documents.new_hub(),
    "github": with_hub(authentication=documents.GITHUB),
    "new cluster": documents.new_cluster(),
    "event": documents.event(),
    "change": documents.change({"op": "set_image", "image": "quay.io/pangeo/pangeo-notebook:2026.08.01"}, {"op": "admins", "add": ["lee"]}),
    "gpu": with_hub(resources={"gpu": {"type": "nvidia-tesla-t4"}}),
    "no gpu": with_hub(resources={"gpu": False}),
    "decommission": documents.decommission(),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_request_has_no_problems_and_nothing_missing(name):
    assert found(SOUND[name]) == set()
    assert schema.missing(SOUND[name]) == []


@pytest.mark.parametrize("name", SOUND)
def test_our_verdict_agrees_with_the_schema_itself(name):
    assert Draft202012Validator(schema.request_schema()).is_valid(SOUND[name])


BROKEN = [
    ({}, {("/kind", "required"), ("/community", "required"), ("/requested_by/name", "required"), ("/requested_by/email", "required")}),
    ({"kind": "party", "community": "aurora", "requested_by": documents.PERSON}, {("/kind", "not-in-enum")}),
    (with_hub(domain="https://aurora.example/"), {("/hubs/0/domain", "pattern")}),
    (with_hub(name="kube-system"), {("/hubs/0/name", "reserved")}),
    (with_hub(name="../../etc"), {("/hubs/0/name", "pattern")}),
    (with_hub(colour="blue"), {("/hubs/0/colour", "unknown")}),
    (with_hub(authentication={"method": "dummy"}), {("/hubs/0/authentication/method", "not-in-enum")}),
    (with_hub(authentication={}), {("/hubs/0/authentication/method", "required")}),
    (with_hub(authentication="github"), {("/hubs/0/authentication", "type")}),
    (with_hub(authentication={**documents.GITHUB, "allowed_users": ["eve"]}), {("/hubs/0/authentication/allowed_users", "unknown")}),
    (with_hub(authentication={**documents.GITHUB, "admins": []}), {("/hubs/0/authentication/admins", "required")}),
    (
        with_hub(authentication={**documents.CILOGON, "admins": ["ana@"]}),
        {("/hubs/0/authentication/admins/0", "format"), ("/hubs/0/authentication/admins", "required")},
    ),
    (with_hub(authentication={"method": "tmp"}), {("/hubs/0/authentication/method", "type-mismatch")}),
    (with_hub(type="ephemeral", authentication={"method": "tmp"}, storage={"home_quota_gib": 5}), {("/hubs/0/storage", "type-mismatch")}),
    (
        with_hub(environment={"images": [{"title": "A", "preset": "scipy"}, {"title": "B", "preset": "pangeo"}]}),
        {("/hubs/0/environment/images", "default")},
    ),
    (
        with_hub(
            environment={
                "images": [{"title": "A", "preset": "scipy", "default": True}, {"title": "B", "preset": "pangeo", "default": True}]
            }
        ),
        {("/hubs/0/environment/images/1/default", "default")},
    ),
    (
        with_hub(environment={"images": [{"title": "A", "image": "quay.io/a/b:latest"}]}),
        {("/hubs/0/environment/images/0/image", "pattern")},
    ),
    (
        with_hub(environment={"images": [{"title": "A", "image": "quay.io/a/b:1", "preset": "scipy"}]}),
        {("/hubs/0/environment/images/0/image", "conflict")},
    ),
    (
        with_hub(environment={"images": [{"title": "A", "preset": "scipy", "allowed_groups": ["a:b"]}]}),
        {("/hubs/0/environment/images/0/allowed_groups", "auth-mismatch")},
    ),
    (
        with_hub(resources={"gpu": {"type": "nvidia-tesla-t4", "allowed_groups": ["a:b"]}}),
        {("/hubs/0/resources/gpu/allowed_groups", "auth-mismatch")},
    ),
    ({**documents.new_hub(), "new_cluster": documents.new_cluster()["new_cluster"]}, {("/new_cluster", "conflict")}),
    (without(documents.new_hub(), "cluster"), {("/cluster", "required")}),
    (documents.new_cluster(provider="gcp", name="a-very-long-cluster-name-indeed"), {("/hubs/0/name", "too-long")}),
    (documents.event(ends_at="2027-03-08T09:00:00-05:00"), {("/event/ends_at", "order")}),
    (documents.event(timezone="America/Macondo"), {("/event/timezone", "format")}),
    (documents.event(starts_at="tomorrow"), {("/event/starts_at", "format")}),
    (documents.event(kind="exam", starts_at="2027-01-18T09:00:00Z"), {("/event/starts_at", "notice")}),
    (documents.event(attendees=0), {("/event/attendees", "too-small")}),
    (documents.event(decommission_on="2027-03-01"), {("/event/decommission_on", "order")}),
    (without(documents.event(), "hub"), {("/hub", "required")}),
    (documents.change({"op": "explode"}), {("/changes/0/op", "not-in-enum")}),
    (documents.change({"op": "set_image"}), {("/changes/0/image", "required")}),
    (documents.change({"op": "admins"}), {("/changes/0/add", "required")}),
    (documents.change({"op": "admins", "add": ["lee"], "remove": ["lee"]}), {("/changes/0/remove", "conflict")}),
    (documents.change(), {("/changes/0/op", "required")}),
    (documents.decommission(confirm_hub_name="other"), {("/decommission/confirm_hub_name", "mismatch")}),
    (documents.decommission(data={"action": "migrate"}), {("/decommission/data/destination", "required")}),
]


@pytest.mark.parametrize(("document", "expected"), BROKEN)
def test_broken_request_names_the_field_and_the_reason(document, expected):
    assert found(document) == expected


def test_two_hubs_of_one_request_must_differ():
    document = documents.new_hub()
    document["hubs"].append(dict(document["hubs"][0]))
    assert found(document) == {(f"/hubs/1/{key}", "taken") for key in ("name", "display_name", "domain")}


def test_machine_of_another_provider_is_refused():
    document = documents.new_cluster(provider="gcp")
    document["hubs"][0]["resources"] = {"instance_type": "r5.xlarge"}
    assert found(document) == {("/hubs/0/resources/instance_type", "provider-mismatch")}


def test_missing_says_who_can_supply_it_and_by_which_phase():
    document = documents.new_hub()
    document["hubs"] = []
    del document["cluster"]
    titles = {(item.pointer, item.supplier, item.phase) for item in schema.missing(document)}
    assert ("/cluster", "provider", "p2_cluster") in titles
    assert ("/hubs/0/name", "community", "p3_1_initial") in titles
    assert ("/hubs/0/authentication/method", "community", "p3_1_initial") in titles
    assert ("/hubs/0/homepage/funded_by/url", "provider", "p3_1_initial") in titles


def test_unknown_choice_lists_what_is_allowed():
    [problem] = schema.problems(with_hub(authentication={"method": "dummy"}), today=TODAY)
    assert "cilogon" in problem.allowed
    assert "dummy" not in problem.allowed


def test_blank_answers_count_as_absent():
    document = with_hub(display_name="  ", environment={"images": []})
    assert found(document) == {("/hubs/0/display_name", "required")}
    assert "display_name" not in schema.cleaned(document)["hubs"][0]


def test_warnings_mention_short_notice_weekends_and_privacy():
    assert {
        w.code for w in schema.warnings(documents.event(starts_at="2027-01-15T09:00:00Z", ends_at="2027-01-16T09:00:00Z"), today=TODAY)
    } == {"notice", "weekend"}
    assert {
        w.code for w in schema.warnings(documents.event(starts_at="2028-12-29T09:00:00Z", ends_at="2028-12-29T19:00:00Z"), today=TODAY)
    } == {"holidays"}
    assert {w.code for w in schema.warnings(with_hub(storage={"allusers_for_admins": True}, name="public-staging"), today=TODAY)} == {
        "privacy",
        "staging",
        "no-quotas",
    }
    assert {w.code for w in schema.warnings(documents.decommission(last_day="2027-01-20", users_told=False), today=TODAY)} == {
        "notice",
        "users-not-told",
    }
    assert schema.warnings(documents.new_hub(), today=TODAY) == []


def test_notice_is_the_programmes():
    exam = documents.event(kind="exam", starts_at="2027-01-18T09:00:00Z", ends_at="2027-01-18T11:00:00Z")
    short, long = schema.Notice(event=3, ending=5), schema.Notice(event=400, ending=400)
    assert {problem.code for problem in schema.problems(exam, today=TODAY, notice=short)} == set()
    assert {problem.detail for problem in schema.problems(exam, today=TODAY, notice=long)} == {
        "An exam needs at least 400 days' notice; please write to support about a shorter one."
    }
    ending = documents.decommission(last_day="2027-01-20", users_told=True)
    assert schema.warnings(ending, today=TODAY, notice=short) == []
    assert [found.detail for found in schema.warnings(ending, today=TODAY, notice=long)] == [
        "Less than 400 days for people to save their work."
    ]


def test_fields_draw_the_form_of_the_kind_and_method_chosen():
    pointers = {field.pointer: field for field in schema.fields(documents.new_hub())}
    assert "/hubs/0/authentication/identity_providers/0/entity_id" in pointers
    assert "/hubs/0/authentication/allowed_organizations" not in pointers
    assert "/new_cluster/name" not in pointers
    assert pointers["/hubs/0/name"].required
    assert not pointers["/hubs/0/storage/home_quota_gib"].required
    assert pointers["/hubs/0/name"].value == "aurora"


def test_fields_of_an_empty_request_ask_for_the_discriminators():
    pointers = {field.pointer for field in schema.fields({"kind": "new-hub"})}
    assert {"/cluster", "/new_cluster/name", "/hubs/0/authentication/method"} <= pointers
    assert "/hubs/0/authentication/admins" not in pointers


def every_pointer():
    kinds = [
        documents.new_hub(),
        documents.new_cluster(),
        documents.event(),
        documents.decommission(data={"action": "migrate", "destination": "elsewhere"}),
        documents.decommission(),
    ]
    kinds += [{**documents.event(), "new_hub": {}, "hub": None}]
    methods = [part["properties"]["method"] for part in schema.request_schema()["$defs"]["authentication"]["oneOf"]]
    kinds += [with_hub(authentication={"method": value}) for rule in methods for value in rule.get("enum", [rule.get("const")])]
    kinds += [documents.change({"op": part["properties"]["op"]["const"]}) for part in schema.request_schema()["$defs"]["change"]["oneOf"]]
    kinds += [with_hub(resources={"gpu": {"type": "nvidia-l4"}}, environment={"images": [{"title": "A", "preset": "scipy"}]})]
    return {field.pointer: field for kind in kinds for field in schema.fields(kind)}


@pytest.mark.parametrize(("pointer", "field"), every_pointer().items())
def test_every_field_has_words_and_every_choice_a_label(pointer, field):
    assert canonical(pointer) in WORDS
    labels = question(pointer).choices
    items = field.schema.get("items", {})
    values = field.schema.get("enum") or (items.get("enum") if isinstance(items, dict) else None) or []
    if labels:
        assert set(values) == set(labels)


def test_every_word_belongs_to_a_place_in_the_schema():
    known = {canonical(pointer) for pointer in every_pointer()}
    parents = {place[: match.start()] for place in known for match in re.finditer("/", place)}
    groups = {place.removesuffix("/*") for place in parents}
    assert set(WORDS) - known - parents - groups == set()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["kind", "community", "requested_by", "hubs", "cluster", "hub", "new_cluster", "event", "changes", "decommission", "new_hub"]
)


@given(st.dictionaries(names, json_values), st.sampled_from(["new-hub", "event", "change", "decommission", None]))
def test_whatever_is_sent_gets_answers_and_never_an_exception(document, kind):
    document = {**document, "kind": kind}
    assert schema.problems(document, today=TODAY)
    schema.fields(document)
    schema.warnings(schema.cleaned({}), today=TODAY)


@given(
    st.sampled_from(["name", "display_name", "domain", "authentication", "homepage", "environment", "resources", "storage"]), json_values
)
def test_a_hub_with_any_value_in_one_place_agrees_with_the_schema(key, value):
    document = schema.cleaned(with_hub(**{key: value}))
    ours = [
        problem
        for problem in schema.problems(document, today=TODAY)
        if problem.code not in {"default", "taken", "type-mismatch", "auth-mismatch"}
    ]
    assert bool(ours) or Draft202012Validator(schema.request_schema()).is_valid(document)
