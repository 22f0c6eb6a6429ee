"""An event on a hub: when, how many, how much."""

from django.utils.translation import gettext_lazy as _

from hubs.questions.asking import PROVIDER, Question

QUESTIONS = {
    "/event": Question(_("The event")),
    "/event/title": Question(_("Name of the event"), example="Ocean data workshop"),
    "/event/kind": Question(
        _("What kind of event?"),
        choices={
            "workshop": _("Workshop"),
            "class": _("Class"),
            "hackathon": _("Hackathon"),
            "exam": _("Exam"),
            "other": _("Something else"),
        },
    ),
    "/event/starts_at": Question(
        _("Starts"), _("Please tell us three weeks before: getting machines takes time."), "2027-03-08T09:00:00-05:00"
    ),
    "/event/ends_at": Question(_("Ends"), example="2027-03-12T17:00:00-05:00"),
    "/event/timezone": Question(_("Time zone of the event"), example="America/Bogota"),
    "/event/active_hours": Question(_("Hours of the day people will work"), _("In the event's time zone."), "09:00-17:30"),
    "/event/attendees": Question(_("People at the same time"), _("Your best guess is good enough."), "60"),
    "/event/memory_gb_per_attendee": Question(_("Memory each person needs, in GB"), example="2"),
    "/event/prewarm": Question(_("Start machines beforehand"), _("So that nobody waits at the start; it costs more.")),
    "/event/prepull_images": Question(_("Load images beforehand"), _("So that a large environment starts at once."), supplier=PROVIDER),
    "/event/decommission_after": Question(_("Remove the hub after the event")),
    "/event/decommission_on": Question(_("Remove it on"), example="2027-03-31"),
}
