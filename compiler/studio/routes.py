"""The addresses of the studio, each with the page that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from compiler.studio.access import AccessGuard
from compiler.studio.change_pages import ChangePages
from compiler.studio.desk import Desk
from compiler.studio.new_pages import NewPages
from compiler.studio.report_pages import ReportPages
from compiler.studio.rule_pages import RulePages
from compiler.studio.verify_pages import VerifyPages
from compiler.studio.view import HERE, View

Handler = Callable[[Request], Awaitable[Response]]


def _threaded(handler: Callable[[Request], Response]) -> Handler:
    async def run(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return run


async def _sorry(_: Request, error: Exception) -> Response:
    from compiler.crashes import log_crash

    text = f"程序出错了，文件没有改动。出错记录在 {log_crash(error)}，请发给维护人员。"
    return HTMLResponse(f"<!DOCTYPE html><meta charset=utf-8><title>出错了</title><p>{escape(text)}</p>", 500)


def make_app(desk: Desk, token: str) -> Starlette:
    """Return the server's application over one folder."""
    view = View(desk)
    reports, rules, changes, verify = ReportPages(view), RulePages(view), ChangePages(view), VerifyPages(view)
    new = NewPages(view)
    shown: list[tuple[str, Callable[[Request], Response]]] = [
        ("/", reports.reports),
        ("/progress", reports.progress),
        ("/out/{path:path}", reports.output),
        ("/facts/{number:int}", reports.facts),
        ("/rules", rules.rules),
        ("/rules/{id}", rules.rule),
        ("/rules/{id}/example", rules.example),
        ("/new", new.form),
        ("/try", rules.sentence),
        ("/try/read", rules.read_sentence),
        ("/change/{key}", changes.change),
        ("/history", changes.history),
        ("/verify", verify.verify),
        ("/unclaimed", verify.unclaimed),
        ("/unclaimed/group", verify.group),
    ]
    done: list[tuple[str, Callable[[Request], Response]]] = [
        ("/build", reports.build),
        ("/cancel", reports.cancel),
        ("/history/{key}/undo", changes.undo),
    ]
    sent: list[tuple[str, Handler]] = [
        ("/upload", reports.upload),
        ("/take-away", reports.take_away),
        ("/put-back", reports.put_back),
        ("/correct", reports.correct),
        ("/claim", rules.claim),
        ("/new", new.make),
        ("/change/{key}/save", changes.save),
        ("/rules/{id}/change", rules.change),
        ("/rules/{id}/sync", rules.sync),
        ("/rules/{id}/example", rules.add_example),
        ("/verify/decide", verify.decide),
        ("/verify/name", verify.name),
        ("/unclaimed/want", verify.want),
    ]
    routes: list[Route | Mount] = [Route(path, _threaded(handler)) for path, handler in shown]
    routes += [Route(path, _threaded(handler), methods=["POST"]) for path, handler in done]
    routes += [Route(path, handler, methods=["POST"]) for path, handler in sent]
    routes.append(Mount("/static", StaticFiles(directory=HERE / "static")))
    return Starlette(
        routes=routes, middleware=[Middleware(AccessGuard, token=token)], exception_handlers={Exception: _sorry}
    )
