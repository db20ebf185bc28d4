"""Numbers, dates and sizes are written the way the reader's neighbours write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mobilise import i18n

BRUSSELS = ZoneInfo("Europe/Brussels")


def test_in_french_a_month_begins_on_its_1er() -> None:
    with i18n.using("fr"):
        assert i18n.day(date(2026, 8, 1)) == "1er\u00a0août 2026"
        assert i18n.short_day(date(2026, 8, 1)) == "1er\u00a0août"
        assert i18n.day(date(2026, 8, 11)) == "11\u00a0août 2026"
        first = datetime(2026, 8, 1, 11, 5, tzinfo=UTC)
        assert i18n.moment(first, BRUSSELS) == "1er\u00a0août 2026, 13\u00a0h 05"
    with i18n.using("nl"):
        assert i18n.day(date(2026, 8, 1)) == "1\u00a0augustus 2026"


def test_in_french_a_size_is_in_octets() -> None:
    with i18n.using("fr"):
        assert i18n.size(12) == "12\u00a0octets"
        assert i18n.size(8_400_000) == "8,4\u00a0Mo"
    with i18n.using("en"):
        assert i18n.size(12) == "12\u00a0bytes"
        assert i18n.size(8_400_000) == "8.4\u00a0MB"
