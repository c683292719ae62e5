"""The school year: six half terms, INSET days and closures, counted while they are typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import read_day, say_day
from cme_desktop.domain.calendar import Closure, SchoolYear, Term
from cme_desktop.domain.day_names import short_day_name
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.first_run.page import Page
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.year_in_figures import YearInFigures
    from cme_desktop.ui.style.theme import Theme

TERMS: Final = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
_PAUSE_MS: Final = 200


class DayField(QLineEdit):
    """A line that takes a date such as 03/09/2026; ``day`` is None until it is one."""

    def __init__(self, theme: Theme, name: str, *, today: date) -> None:
        super().__init__()
        self._today = today
        self.setAccessibleName(name)
        self.setPlaceholderText("dd/mm/yyyy")
        self.setFont(theme.font("body"))
        self.setFixedWidth(theme.scaled(140))

    @property
    def day(self) -> date | None:
        """The date typed."""
        with suppress(CmeError):
            return read_day(self.text(), today=self._today)
        return None

    def mark(self, *, wrong: bool) -> None:
        """Show or clear the border of a field in error."""
        self.setProperty("wrong", wrong)
        self.style().unpolish(self)
        self.style().polish(self)


class DayRows(QWidget):
    """Days added one by one, each with its weekday beside it."""

    def __init__(self, theme: Theme, name: str, *, today: date) -> None:
        super().__init__()
        self._theme, self._name, self._today = theme, name, today
        self._rows: list[tuple[DayField, Label]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def add(self) -> DayField:
        """Add an empty row and put the keyboard there."""
        field = DayField(self._theme, f"{self._name} {len(self._rows) + 1}", today=self._today)
        weekday = Label(self._theme, self._name, token="text2")  # noqa: S106  a colour token
        line = QHBoxLayout()
        line.addWidget(field)
        line.addWidget(weekday, 1)
        self._layout.addLayout(line)
        self._rows.append((field, weekday))
        field.setFocus()
        return field

    def days(self) -> tuple[date, ...]:
        """The days typed so far, each named by its weekday beside the field."""
        found = []
        for field, weekday in self._rows:
            day = field.day
            weekday.setText(f"{self._name}, {say_day(day)}" if day else self._name)
            found += [day] if day else []
        return tuple(found)

    def unread(self) -> bool:
        """Whether something is typed that is no date; marks it."""
        wrong = [field for field, _ in self._rows if field.text().strip() and field.day is None]
        for field, _ in self._rows:
            field.mark(wrong=field in wrong)
        return bool(wrong)


class YearPage(Page):
    """Every deadline is counted on these dates, so each is shown with its weekday and its count."""

    def __init__(self, theme: Theme, *, today: date) -> None:
        super().__init__(
            theme,
            name="School year",
            title="Your school year",
            about="Absences are counted in school days, so these dates decide when something is due.",
        )
        self._today = today
        self.terms: list[tuple[DayField, DayField, Label]] = []
        self.inset = DayRows(theme, "INSET day", today=today)
        self.closures = DayRows(theme, "Closure", today=today)
        self.total = Banner(theme, kind=ChipKind.PLAIN, icon="calendar-days", sentence="", wraps=True)
        self.begin = DayField(theme, "First day of the records", today=today)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.count)
        self._build()
        self.count()

    def year(self) -> SchoolYear | None:
        """The year as typed, stretched over the INSET days that touch a half term; None while it is not whole."""
        from cme_desktop.casework.year_in_figures import take_in_inset  # noqa: PLC0415  not needed at first paint

        pairs = [(first.day, last.day) for first, last, _ in self.terms]
        terms = tuple(Term(first, last) for first, last in pairs if first is not None and last is not None)
        if len(terms) < len(TERMS):
            return None
        closures = tuple(Closure(day) for day in self.closures.days())
        typed = SchoolYear(
            terms[0].first_day, terms[-1].last_day, terms, inset=frozenset(self.inset.days()), closures=closures
        )
        return take_in_inset(typed)

    def check(self) -> bool:
        year = self.year()
        for first, last, _ in self.terms:
            first.mark(wrong=first.day is None)
            last.mark(wrong=last.day is None)
        unread = any((self.inset.unread(), self.closures.unread()))
        self.begin.mark(wrong=bool(self.begin.text().strip()) and self.begin.day is None)
        if year is None or unread or self.begin.property("wrong"):
            self._say(
                ChipKind.NOW, "A date is missing or is no date", "Type dates like 03/09/2026 in each marked field."
            )
            return False
        problems = year.problems()
        if problems:
            self._say(ChipKind.NOW, problems[0], " ".join(problems[1:]))
        return not problems

    def answers(self) -> dict[str, Any]:
        year = self.year()
        assert year is not None
        return {"years": (year,), "records_begin": self.begin.day or year.first_day}

    def count(self) -> None:
        """Count the days of what is typed so far."""
        year = self.year()
        if year is None or year.problems():
            for _, _, words in self.terms:
                words.setText("")
            problems = year.problems() if year else ()
            sentence = problems[0] if problems else "Enter the first and last day of each half term"
            self._say(ChipKind.TODAY if problems else ChipKind.PLAIN, sentence, "The days are counted as you type.")
            return
        from cme_desktop.casework.year_in_figures import count_year  # noqa: PLC0415  once the dates are whole

        self._show(count_year(year))

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(3, 1)
        for column, words in enumerate(("Half term", "First day for pupils", "Last day", "School days")):
            grid.addWidget(Label(self.theme, words, role="small", token="text2"), 0, column)  # noqa: S106  a colour token
        for row, name in enumerate(TERMS, start=1):
            first = DayField(self.theme, f"{name}, first day", today=self._today)
            last = DayField(self.theme, f"{name}, last day", today=self._today)
            count = Label(self.theme, "")
            grid.addWidget(Label(self.theme, name, role="body-strong"), row, 0)
            for column, widget in enumerate((first, last, count), start=1):
                grid.addWidget(widget, row, column)
            self.terms.append((first, last, count))
            for field in (first, last):
                field.textEdited.connect(self._wait)
        self.body.addLayout(grid)
        self.body.addWidget(self.total)
        self.body.addWidget(self.inset)
        self.body.addWidget(self.closures)
        self._build_links()
        self._build_begin()
        self.end()

    def _build_links(self) -> None:
        line = QHBoxLayout()
        for words, rows in (("Add an INSET day", self.inset), ("Add a closure", self.closures)):
            link = LinkButton(self.theme, words, icon="plus")
            link.clicked.connect(lambda *_, rows=rows: self._add_to(rows))
            line.addWidget(link)
        line.addStretch(1)
        known = Label(self.theme, "Bank holidays are already known", role="small", token="text2")  # noqa: S106  a colour token
        line.addWidget(known)
        self.body.addLayout(line)

    def _build_begin(self) -> None:
        label = Label(self.theme, "First day of the records", role="body-strong")
        label.setBuddy(self.begin)
        hint = "Left empty, the first day of this school year. Nothing before it is judged."
        self.body.addWidget(label)
        self.body.addWidget(self.begin)
        self.body.addWidget(Label(self.theme, hint, role="small", token="text2", wraps=True))  # noqa: S106  a colour token

    def _add_to(self, rows: DayRows) -> None:
        rows.add().textEdited.connect(self._wait)

    def _wait(self) -> None:
        self._pause.start()
        self.edited.emit()

    def _show(self, figures: YearInFigures) -> None:
        for (first, last, words), count in zip(self.terms, figures.by_term, strict=True):
            assert first.day is not None
            assert last.day is not None
            words.setText(f"{count}, {short_day_name(first.day)} to {short_day_name(last.day)}")
        closed = f", {figures.closures} closures" if figures.closures else ""
        sentence = f"{figures.school_days} school days for pupils, {figures.inset_days} INSET days{closed}"
        if figures.is_usual:
            self._say(ChipKind.OK, sentence, "That agrees with the 195 days most schools open.", icon="circle-check")
            return
        total = figures.school_days + figures.inset_days + figures.closures
        remedy = f"That is {total} in all, where 195 are usual. Check the dates; you can go on."
        self._say(ChipKind.TODAY, sentence, remedy)

    def _say(self, kind: ChipKind, sentence: str, remedy: str, *, icon: str = "triangle-alert") -> None:
        shown = "calendar-days" if kind is ChipKind.PLAIN else icon
        self.total.say(kind=kind, icon=shown, sentence=sentence, remedy=remedy)
