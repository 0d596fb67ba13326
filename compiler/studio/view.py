"""Fills the pages: what all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from compiler.authoring.explain import shown_figure
from compiler.issues import advice, kind, message, place_of, severity
from compiler.model import Issue
from compiler.studio import edits
from compiler.studio.desk import Desk
from compiler.studio.wording import in_words, key_meant, kind_of, with_names, yield_in_words

HERE = Path(__file__).resolve().parent

FORM_KEYS: Final = (
    "name",
    "unit",
    "aliases",
    "phrases",
    "exclude",
    "examples",
    "direction",
    "measures",
    "other_units",
    "note",
)
"""The keys of a rule's form; every other key is edited in the file beside it."""


@dataclass(slots=True)
class Kept:
    """What a draft was made from: the page with its form and what was typed there, so that one can go back to it.

    ``with_it`` tells what an undone change takes with it, ``asks`` that the page of the draft wants a yes first.
    """

    page: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    with_it: tuple[str, ...] = ()
    asks: bool = False


class View:
    """One desk, the drafts that were made on its pages, and the templates that show both."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.drafts: dict[str, edits.Draft] = {}
        self._kept: dict[str, Kept] = {}
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self.environment.filters.update(
            figure=lambda fact: shown_figure(fact.low, fact.high, fact.bound, fact.unit, fact.text),
            message=message,
            advice=advice,
            weight=lambda issue: severity(issue).value,
            where=place_of,
            issue_kind=kind,
            quoted=lambda text: quote(str(text)),
            in_words=in_words,
            with_names=with_names,
            field_meant=lambda text: key_meant(text, FORM_KEYS),
            kind_of=kind_of,
            yield_in_words=yield_in_words,
        )

    def show(self, page: str, /, **values: Any) -> HTMLResponse:
        """Fill a page."""
        desk = self.desk
        status = values.pop("status", 200)
        template = self.environment.get_template(page)
        return HTMLResponse(template.render(desk=desk, folder=desk.folder, page=page, **values), status)

    def missing(self) -> HTMLResponse:
        """The page of what is not there (any more)."""
        return self.show("missing.html", status=404)

    def sorry(self, said: str, back: str) -> HTMLResponse:
        """The page that says why nothing was changed."""
        return self.show("sorry.html", said=said, back=inside(back))

    def drafted(
        self,
        made: edits.Draft | tuple[Issue, ...],
        back: str,
        *,
        page: str = "",
        typed: Mapping[str, str] | None = None,
        with_it: tuple[str, ...] = (),
    ) -> HTMLResponse | RedirectResponse:
        """Keep a draft and go to the page of what it would do; say what is wrong where it could not be made.

        ``page`` has the form that it was made with, and ``typed`` is what was typed there.
        """
        if isinstance(made, tuple):
            return self.sorry("；".join(message(issue) for issue in made), back)
        self.drafts[made.key] = made
        self._kept[made.key] = Kept(page, typed or {}, with_it)
        return RedirectResponse(f"/change/{made.key}?back={quote(inside(back))}", 303)

    def kept(self, draft: edits.Draft) -> Kept:
        """Return what a draft was made from."""
        return self._kept.setdefault(draft.key, Kept())

    def again(self, request: Request) -> tuple[edits.Draft | None, Mapping[str, str]]:
        """Return the draft whose form is to be gone on with, and what was typed in it."""
        draft = self.drafts.get(request.query_params.get("again", ""))
        return draft, self.kept(draft).typed if draft is not None else {}

    def forget(self, draft: edits.Draft) -> None:
        """Drop a draft that is saved."""
        self.drafts.pop(draft.key, None)
        self._kept.pop(draft.key, None)

    @staticmethod
    def said_in(request: Request) -> str:
        """Return what the page before has to say on this one."""
        return request.query_params.get("said", "")


def inside(path: str) -> str:
    """Return a path of this server; anything else becomes the first page."""
    return path if path.startswith("/") and not path.startswith("//") else "/"


def said(path: str, words: str) -> RedirectResponse:
    """Go to a page of ours that says something."""
    path, mark, anchor = path.partition("#")
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}said={quote(words)}{mark}{anchor}", 303)
