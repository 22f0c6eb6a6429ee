"""Every type of question, by its name in a form."""

from collections.abc import Mapping

from onboarding.questions.kinds.base import Kind
from onboarding.questions.kinds.choices import Choice, Consent, Country, MultiChoice, YesNo
from onboarding.questions.kinds.files import FileList
from onboarding.questions.kinds.people import Person
from onboarding.questions.kinds.texts import Email, Integer, LongText, Slug, Text, Url
from onboarding.questions.kinds.times import DailyHours, DateRange, DateRanges, Day, Moment
from onboarding.questions.kinds.zones import TimeZone

KINDS: Mapping[str, Kind] = {
    "short_text": Text(),
    "long_text": LongText(),
    "slug": Slug(),
    "url": Url(),
    "email": Email(),
    "integer": Integer(),
    "yes_no": YesNo(),
    "choice": Choice(),
    "multi_choice": MultiChoice(),
    "consent": Consent(),
    "country": Country(),
    "date": Day(),
    "date_range": DateRange(),
    "date_range_list": DateRanges(),
    "datetime_tz": Moment(),
    "daily_hours_tz": DailyHours(),
    "timezone": TimeZone(),
    "person": Person(),
    "file_list": FileList(),
}
