"""What is written of made-up children who left at the end of year 6: where to, that they came, that the file went."""

from __future__ import annotations

from datetime import date, timedelta

from cme_desktop.domain.events import Destination, Event, EventKind


def leaver_events(left_on: date) -> tuple[tuple[Event, str], ...]:
    """Give the lines of a leaving in which nobody was lost."""
    agreed, settled = left_on - timedelta(days=40), date(left_on.year, 9, 11)
    leaving = Event(
        EventKind.LEAVING, agreed, leaving_on=left_on, destination=Destination.KNOWN, confirmed=True
    )  # fmt: skip
    return (
        (leaving, "Place at the secondary school, from the authority’s list."),
        (Event(EventKind.TRANSFER_FILE_SENT, left_on), ""),
        (Event(EventKind.ARRIVAL_CONFIRMED, settled), "On the secondary school’s list of who came."),
    )
