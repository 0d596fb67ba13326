"""Fills the pages: what all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from compiler.authoring.explain import shown_figure
from compiler.issues import advice, kind, message, place_of, severity
from compiler.model import Issue
from compiler.studio import edits
from compiler.studio.desk import Desk

HERE = Path(__file__).resolve().parent


class View:
    """One desk, the drafts that were made on its pages, and the templates that show both."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.drafts: dict[str, edits.Draft] = {}
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

    def drafted(self, made: edits.Draft | tuple[Issue, ...], back: str) -> HTMLResponse | RedirectResponse:
        """Keep a draft and go to the page of what it would do; say what is wrong where it could not be made."""
        if isinstance(made, tuple):
            return self.sorry("；".join(message(issue) for issue in made), back)
        self.drafts[made.key] = made
        return RedirectResponse(f"/change/{made.key}?back={quote(inside(back))}", 303)


def inside(path: str) -> str:
    """Return a path of this server; anything else becomes the first page."""
    return path if path.startswith("/") and not path.startswith("//") else "/"


def said(path: str, words: str) -> RedirectResponse:
    """Go to a page of ours that says something."""
    path, mark, anchor = path.partition("#")
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}said={quote(words)}{mark}{anchor}", 303)
