"""What a group says when it moves its petition on."""

from datetime import date, datetime

from mobilise.errors import N_
from mobilise.forms import Day, Form
from mobilise.i18n import gettext


class DayForm(Form):
    """A day that has been, in the petition's own time. `earliest` and `latest` are set first."""

    day = Day(N_("On which day?"))
    earliest: date
    latest: date

    def between(self, earliest: date | datetime | None, latest: date) -> "DayForm":
        if isinstance(earliest, datetime):
            earliest = earliest.date()
        self.earliest, self.latest = earliest or date.min, latest
        return self

    def is_right(self) -> bool:
        """Like `validate`, with sentences about what came before."""
        if not self.validate():
            return False
        if self.day.data is None:
            self.day.errors = [gettext("Choose a day")]
        elif not self.earliest <= self.day.data <= self.latest:
            self.day.errors = [gettext("Choose a day that has been, after the petition opened")]
        return not self.day.errors
