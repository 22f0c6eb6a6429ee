"""Files come in forms of several parts, and go out by signed links that end."""

import httpx
import pytest

FORM = {
    "subject": "S",
    "description": "D",
    "email": "lena@uni.example",
    "priority": "3",
    "tags[]": ["a", "b"],
    "custom_fields[cf_hub]": "north",
}
FILE = ("report.pdf", b"%PDF \r\n--not-a-boundary\r\n\x00\xff", "application/pdf")


def files(*given):
    return [("attachments[]", file) for file in given or (FILE,)]


def test_a_form_is_the_ticket_its_json_would_be(api):
    answer = api.post("tickets", data=FORM, files=files())
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["priority"], shown["tags"], shown["custom_fields"]) == (3, ["a", "b"], {"cf_hub": "north"})
    [file] = shown["attachments"]
    assert (file["name"], file["content_type"], file["size"]) == ("report.pdf", "application/pdf", len(FILE[1]))
    assert list(file) == ["id", "name", "content_type", "size", "created_at", "updated_at", "attachment_url"]
    assert api.get("tickets/1").json()["attachments"][0]["id"] == file["id"]
    assert "attachments" not in api.get("tickets").json()[0]


def test_numbers_of_a_form_that_are_none_are_refused(api):
    answer = api.post("tickets", data={**FORM, "priority": "high"}, files=files())
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("priority", "datatype_mismatch")]


def test_a_form_needs_no_file_and_knows_truth(api, ticket):
    note = api.post("tickets/1/notes", files=[("body", (None, "Hm")), ("private", (None, "false"))]).json()
    assert (note["private"], note["attachments"]) == (False, [])


@pytest.mark.parametrize("bad", [("empty.txt", b"", "text/plain"), (None, b"words")])
def test_an_empty_file_or_words_in_its_place_are_a_mismatch(api, ticket, bad):
    answer = api.put("tickets/1", data={"priority": "2"}, files=files(bad))
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [{"field": "attachments", "message": "It should contain elements of type valid file format only", "code": "datatype_mismatch"}],
    )


def test_json_carries_no_files_and_a_broken_form_is_refused(api, ticket):
    assert api.put("tickets/1", json={"attachments": ["x"]}).json()["errors"][0]["code"] == "datatype_mismatch"
    broken = api.put("tickets/1", content=b"--x\r\n", headers={"content-type": "multipart/form-data; boundary=x"})
    assert (broken.status_code, broken.json()["code"]) == (400, "invalid_json")
    assert api.post("companies", data={"name": "C"}, files=files()).status_code == 415


def test_a_file_alone_changes_the_ticket(api, simulator, ticket):
    simulator.account.clock.advance(60)
    changed = api.put("tickets/1", files=files()).json()
    assert ([file["name"] for file in changed["attachments"]], changed["updated_at"] > ticket["updated_at"]) == (["report.pdf"], True)


def test_replies_notes_and_edited_notes_carry_files_of_their_own(api, ticket):
    reply = api.post("tickets/1/reply", data={"body": "Hi", "cc_emails[]": ["a@b.example"]}, files=files()).json()
    note = api.post("tickets/1/notes", data={"body": "Hm"}, files=files(('naïve "x".txt', b"1", "text/plain"))).json()
    edited = api.put(f"conversations/{note['id']}", data={"body": "Hm!"}, files=files(("second.txt", b"2", "text/plain"))).json()
    assert ([file["name"] for file in reply["attachments"]], reply["cc_emails"]) == (["report.pdf"], ["a@b.example"])
    assert [file["name"] for file in edited["attachments"]] == ['naïve "x".txt', "second.txt"]
    listed = [[file["name"] for file in row["attachments"]] for row in api.get("tickets/1/conversations").json()]
    assert listed == [["report.pdf"], ['naïve "x".txt', "second.txt"]]
    included = api.get("tickets/1", params={"include": "conversations"}).json()
    assert ([len(row["attachments"]) for row in included["conversations"]], included["attachments"]) == ([1, 2], [])


def test_a_ticket_holds_so_many_bytes_with_all_its_words(api, simulator, ticket):
    simulator.account.knobs.attachment_total = 100
    assert api.post("tickets/1/notes", data={"body": "Hm"}, files=files(("a", b"1" * 60))).status_code == 201
    refused = api.post("tickets/1/reply", data={"body": "Hi"}, files=files(("b", b"2" * 41)))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "attachments")
    assert len(api.get("tickets/1/conversations").json()) == 1
    simulator.account.knobs.oversize_status = 413
    assert api.post("tickets/1/reply", data={"body": "Hi"}, files=files(("b", b"2" * 41))).status_code == 413


def test_the_link_gives_the_bytes_to_whoever_holds_it_and_brings_no_key(api, browser, simulator):
    link = api.post("tickets", data=FORM, files=files()).json()["attachments"][0]["attachment_url"]
    assert "/api/v2/" not in link
    answer = browser.get(link)
    assert (answer.content, answer.headers["content-type"]) == (FILE[1], "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''report.pdf"
    assert "x-ratelimit-used-currentrequest" not in answer.headers
    assert api.get(link).status_code == 400
    assert browser.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 403
    simulator.account.clock.advance(301)
    assert browser.get(link).status_code == 403
    again = api.get("tickets/1").json()["attachments"][0]["attachment_url"]
    assert browser.get(again).status_code == 200


def test_a_link_may_lead_to_another_host_and_a_file_can_be_deleted(api, browser, simulator):
    simulator.account.knobs.attachment_host = "https://files.example"
    file = api.post("tickets", data=FORM, files=files()).json()["attachments"][0]
    assert httpx.URL(file["attachment_url"]).host == "files.example"
    assert api.get(f"attachments/{file['id']}").status_code == 405
    assert api.delete(f"attachments/{file['id']}").status_code == 204
    assert api.delete(f"attachments/{file['id']}").status_code == 404
    assert api.get("tickets/1").json()["attachments"] == []
    assert browser.get(file["attachment_url"]).status_code == 404


def test_files_of_an_agent_and_of_a_requester_come_along(api, simulator, ticket):
    simulator.requester_answers(1, body="see", attachments=[("log.txt", "text/plain", b"x")])
    simulator.agent_does(1, "reply", body="seen", attachments=[("fix.txt", "text/plain", b"y")])
    assert [row["attachments"][0]["name"] for row in api.get("tickets/1/conversations").json()] == ["log.txt", "fix.txt"]


def test_a_late_form_happens_later_with_its_bytes(api, browser, simulator, ticket):
    simulator.faults.arm("late", method="PUT", seconds=30)
    with pytest.raises(httpx.RemoteProtocolError):
        api.put("tickets/1", files=files())
    assert api.get("tickets/1").json()["attachments"] == []
    simulator.account.clock.advance(31)
    [file] = api.get("tickets/1").json()["attachments"]
    assert browser.get(file["attachment_url"]).content == FILE[1]


def test_at_the_pages_files_are_shown_and_sent(api, browser, simulator):
    api.post("tickets", data=FORM, files=files(("<b>.txt", b"12345", "text/plain")))
    page = browser.post("/tickets/1/reply", data={"body": "See", "status": ""}, files=files(("fix.txt", b"1", "text/plain"))).text
    assert "&lt;b&gt;.txt" in page
    assert "5 bytes" in page
    [reply] = api.get("tickets/1/conversations").json()
    assert reply["attachments"][0]["name"] == "fix.txt"
    browser.post("/tickets/1/mail", data={"body": "Thanks"}, files=files(("", b"", "application/octet-stream")))
    assert [row["attachments"] for row in api.get("tickets/1/conversations").json()][1] == []
