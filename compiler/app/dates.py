"""The times that a build tells: when it was made, and the date that its documents bear."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from compiler.model import Identity


def moment() -> str:
    """Return the time of now in ISO form; ``SOURCE_DATE_EPOCH`` sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).isoformat(timespec="seconds")
    return datetime.now().astimezone().isoformat(timespec="seconds")


def dated(identities: Iterable[Identity]) -> str:
    """Return the date that documents bear, as an ISO time: the latest that the reports themselves tell.

    No clock: the same reports and rules give the same bytes on any day. Where no report tells its date, it is the
    first day of the latest year that one of them plans for. ``SOURCE_DATE_EPOCH`` sets it.
    """
    if os.environ.get("SOURCE_DATE_EPOCH", "").isdecimal():
        return moment()
    told = []
    for one in identities:
        parts = [int(part) for part in one.date.split("-") if part.isdecimal()]
        year, month, day = [*parts, 0, 0, 0][:3]
        told.append((year or one.report_year, month or 1, day or 1))
    for year, month, day in sorted(told, reverse=True):
        try:
            return datetime(year, month, day, tzinfo=UTC).isoformat(timespec="seconds")
        except ValueError:  # 2月30日: a slip of the pen is no date
            continue
    return datetime(2000, 1, 1, tzinfo=UTC).isoformat(timespec="seconds")
