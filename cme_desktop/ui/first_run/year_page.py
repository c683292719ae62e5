"""The school year: six half terms, INSET days and closures, counted while they are typed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.domain.calendar import ONE_DAY, Closure, SchoolYear, Term
from cme_desktop.domain.day_names import short_day_name
from cme_desktop.ui.first_run.day_rows import DayField, DayRows
from cme_desktop.ui.first_run.page import WIDEST, Page
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.year_in_figures import YearInFigures
    from cme_desktop.ui.style.theme import Theme

TERMS: Final = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
_PAUSE_MS: Final = 200
_ASK: Final = "Enter the first and last day of each half term"
_OUTSIDE: Final = "Enter the other INSET days that join it to a half term too, or change the date."
_BEGIN_HINT: Final = (
    "From then on, a session without a mark is shown as unknown until somebody finds out; nothing before it is judged. "
    "Left empty: the first day of the first register that you bring in."
)


class YearPage(Page):
    """Every deadline is counted on these dates, so each is shown with its weekday and its count."""

    def __init__(
        self, theme: Theme, *, today: date, name: str = "School year", title: str = "Your school year"
    ) -> None:
        about = "Absences are counted in school days, so these dates decide when something is due."
        super().__init__(theme, name=name, title=title, about=about)
        self._today = today
        self.terms: list[tuple[DayField, DayField, Label]] = []
        self.inset = DayRows(theme, "INSET day", link="Add an INSET day", today=today)
        self.closures = DayRows(theme, "Closure", link="Add a closure", today=today)
        self.total = Banner(theme, kind=ChipKind.PLAIN, icon="calendar-days", sentence="", wraps=True)
        self.clash = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.begin_field: Field[DayField] = Field(
            theme, "First day of the records", DayField(theme, "First day of the records", today=today),
            hint=_BEGIN_HINT,
        )  # fmt: skip
        self._settles: tuple[DayField, date] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.count)
        self._build()
        self.count()

    @property
    def begin(self) -> DayField:
        """The day the records begin; empty for the day of the first marks."""
        return self.begin_field.control

    def year(self) -> SchoolYear | None:
        """The year as typed, stretched over the INSET days that touch a half term; None while it is not whole."""
        return self._typed_year() if len(self._whole_terms()) == len(TERMS) else None

    def check(self) -> bool:
        self._pause.stop()
        for first, last, _ in self.terms:
            first.mark(wrong=first.day is None)
            last.mark(wrong=last.day is None)
        unread = any((self.inset.unread(), self.closures.unread()))
        year = self.year()
        if year is None or unread:
            self._say(
                ChipKind.NOW, "A date is missing or is no date", "Type dates like 03/09/2026 in each marked field."
            )
            return False
        if problems := year.problems():
            self._say(ChipKind.NOW, problems[0], " ".join(problems[1:]) or self._remedy(year))
            return False
        return self._check_begin(year)

    def answers(self) -> dict[str, Any]:
        year = self.year()
        assert year is not None
        return {"years": (year,), "records_begin": self.begin.day}

    def count(self) -> None:
        """Count the days of what is typed so far, and say where the dates contradict each other."""
        from cme_desktop.casework.year_in_figures import count_year  # noqa: PLC0415  once there are dates

        self._show_clash()
        typed = self._typed_year()
        problems = typed.problems() if typed else ()
        figures = count_year(typed) if typed and not problems else None
        self._show_terms(figures)
        if problems:
            assert typed is not None
            self._say(ChipKind.TODAY, problems[0], self._remedy(typed))
        elif figures is None or len(figures.by_term) < len(TERMS):
            self._say(ChipKind.PLAIN, _ASK, "The days are counted as you type.")
        else:
            self._show_total(figures)

    def gap_after(self, control: QWidget | None) -> QWidget | None:
        dates = [field for first, last, _ in self.terms for field in (first, last)]
        if control not in dates:
            return self.inset.next_after(control) or self.closures.next_after(control)
        later = dates[dates.index(control) + 1 :]
        return next((field for field in (*later, *dates) if not field.text().strip()), None)

    # -- the dates -------------------------------------------------------------------------------------------------

    def _whole_terms(self) -> list[tuple[Term, Label]]:
        pairs = [(first.day, last.day, words) for first, last, words in self.terms]
        return [(Term(first, last), words) for first, last, words in pairs if first is not None and last is not None]

    def _typed_year(self) -> SchoolYear | None:
        from cme_desktop.casework.year_in_figures import take_in_inset  # noqa: PLC0415  once there are dates

        terms = tuple(term for term, _ in self._whole_terms())
        if not terms:
            return None
        is_whole = len(terms) == len(TERMS)
        # An INSET day between half terms still to be typed is no contradiction yet.
        inset = frozenset(self.inset.days()) if is_whole else frozenset[date]()
        closures = tuple(Closure(day) for day in self.closures.days()) if is_whole else ()
        first, last = min(term.first_day for term in terms), max(term.last_day for term in terms)
        return take_in_inset(SchoolYear(first, last, terms, inset=inset, closures=closures))

    def _check_begin(self, year: SchoolYear) -> bool:
        typed, day = self.begin.text().strip(), self.begin.day
        problem = ""
        if typed and day is None:
            problem = "Type a date like 03/09/2026, or leave it empty."
        elif day is not None and not year.first_day <= day <= year.last_day:
            problem = f"This day is not in the school year, which begins on {say_day(year.first_day)}."
        self.begin_field.set_error(problem)
        return not problem

    def _remedy(self, year: SchoolYear) -> str:
        in_term = {day for day in year.inset if any(term.first_day <= day <= term.last_day for term in year.terms)}
        strays = any(day.weekday() < 5 for day in year.inset - in_term)
        return _OUTSIDE if strays else "Check the dates of the half terms."

    def _show_clash(self) -> None:
        """Say it where a half term's first day for pupils is entered as an INSET day as well, and offer the next."""
        inset = set(self.inset.days())
        self._settles = None
        entered = ((name, first, first.day) for name, (first, _, _) in zip(TERMS, self.terms, strict=True))
        clash = next(((name, first, day) for name, first, day in entered if day in inset), None)
        self.clash.setVisible(clash is not None)
        if clash is None:
            return
        name, first, day = clash
        assert day is not None
        back = _next_weekday(day, inset)
        self._settles = (first, back)
        self.clash.say(
            kind=ChipKind.TODAY,
            icon="triangle-alert",
            sentence=f"{say_day(day)} is both an INSET day and the first day of {name}",
            remedy=f"Pupils come back on {say_day(back)}. Every deadline counts from that.",
            button=f"Use {say_day(back)}",
        )

    def _settle_clash(self) -> None:
        if self._settles is not None:
            field, day = self._settles
            field.setText(f"{day:%d/%m/%Y}")
            field.setFocus()
            self.count()

    # -- layout ----------------------------------------------------------------------------------------------------

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
        held = QWidget()
        held.setMaximumWidth(self.theme.scaled(WIDEST))
        column_of = QVBoxLayout(held)
        column_of.setContentsMargins(0, 0, 0, 0)
        column_of.setSpacing(10)
        column_of.addLayout(grid)
        for part in (self.total, self.clash):
            column_of.addWidget(part)
        for words, note, rows in (
            ("INSET days", "School is open to staff only.", self.inset),
            ("Closures", "Days the school is shut in a half term. Bank holidays are already known.", self.closures),
        ):
            column_of.addLayout(self._heading(words, note, rows.link))
            column_of.addWidget(rows)
            rows.edited.connect(self._wait)
        column_of.addWidget(self.begin_field)
        self.body.addWidget(held)
        self.clash.pressed.connect(self._settle_clash)
        self.begin.textEdited.connect(lambda _: self.begin_field.set_error(""))
        self.end()

    def _heading(self, words: str, note: str, link: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(Label(self.theme, words, role="body-strong"))
        line.addWidget(Label(self.theme, note, role="small", token="text2", wraps=True), 1)  # noqa: S106  a colour token
        line.addWidget(link)
        return line

    def _wait(self) -> None:
        self._pause.start()
        self.edited.emit()

    def _show_terms(self, figures: YearInFigures | None) -> None:
        for _, _, words in self.terms:
            words.setText("")
        whole = self._whole_terms()
        counts = figures.by_term if figures else (None,) * len(whole)
        for (term, words), count in zip(whole, counts, strict=True):
            days = f"{short_day_name(term.first_day)} to {short_day_name(term.last_day)}"
            words.setText(days if count is None else f"{count}, {days}")

    def _show_total(self, figures: YearInFigures) -> None:
        closed = f", {count_of(figures.closures, 'closure')}" if figures.closures else ""
        inset = count_of(figures.inset_days, "INSET day")
        sentence = f"{figures.school_days} school days for pupils, {inset}{closed}"
        if figures.is_usual:
            self._say(ChipKind.OK, sentence, "That agrees with the 195 days most schools open.", icon="circle-check")
            return
        from cme_desktop.casework.year_in_figures import USUAL_DAYS  # noqa: PLC0415  once there are dates

        total = figures.school_days + figures.inset_days + figures.closures
        check = "Are all INSET days entered?" if total < USUAL_DAYS else "Check the dates."
        self._say(
            ChipKind.TODAY, sentence, f"That is {total} in all, where {USUAL_DAYS} are usual. {check} You can go on."
        )

    def _say(self, kind: ChipKind, sentence: str, remedy: str, *, icon: str = "triangle-alert") -> None:
        shown = "calendar-days" if kind is ChipKind.PLAIN else icon
        self.total.say(kind=kind, icon=shown, sentence=sentence, remedy=remedy)


def _next_weekday(day: date, inset: set[date]) -> date:
    found = day + ONE_DAY
    while found.weekday() >= 5 or found in inset:
        found += ONE_DAY
    return found
