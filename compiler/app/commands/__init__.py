"""The commands: which there are, what they take, and the module of this folder that runs each.

A new command is one more :class:`Command` in :data:`COMMANDS` and the function that it names in ``run``, in a module
beside this one. That module is imported only when the command runs, so ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Configure = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``name`` (two words for one in a group), where it runs (``module:function``) and its help.

    ``run`` names a function that takes the parsed arguments and returns the exit code.
    """

    name: str
    summary: str
    run: str
    configure: Configure
    examples: tuple[str, ...]
    about: str = ""


# --- what each command takes -------------------------------------------------------------------


def _rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules", type=Path, metavar="文件夹", help="规则文件夹；不写就用当前文件夹里的 rules，没有再用自带的"
    )


def _templates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--templates", type=Path, metavar="文件夹", help="模板文件夹；不写就用当前文件夹里的 templates，没有再用自带的"
    )


def _reports(parser: argparse.ArgumentParser, what: str, otherwise: str) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="路径", help=f"报告文件、压缩包或文件夹{what}；不写就{otherwise}"
    )


def _building(parser: argparse.ArgumentParser) -> None:
    _reports(parser, "（.txt、.docx、.pdf 等）", "编译自带的样例报告")
    _rules(parser)
    _templates(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("output"), metavar="文件夹", help="结果放在哪里（默认 output）"
    )
    parser.add_argument("--strict", action="store_true", help="有一处警告或错误，就以 1 退出")
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="个数", help="最多用几个进程（默认按处理器个数）")
    parser.add_argument("--force", action="store_true", help="规则有错误时，也覆盖原来编译好的结果")
    parser.add_argument(
        "--parquet", action="store_true", help="事实和台账另写一份 Parquet，供数据库和统计软件读（要装 pyarrow）"
    )
    parser.add_argument(
        "--document", action="store_true", help="统计公报、预算报告、新闻、解读一类的文件也照报告编译（平时不收）"
    )
    parser.add_argument("--no-cache", action="store_true", help="不用上次编译留下的中间结果，每份报告都重新读")
    parser.add_argument(
        "--only",
        action="append",
        choices=("facts", "workbook", "briefings", "evidence", "data"),
        metavar="结果",
        help="只写这一种结果，别的照旧不动，可以写几次：facts（数据表）、workbook（工作簿）、briefings（要情）、evidence（原文核对页）；"
        "data（分片的事实和台账，几十万份报告也编得下，单独写）",
    )

    parser.add_argument(
        "--prefer",
        action="append",
        type=Path,
        default=[],
        metavar="文件",
        help="同一地区同一年度有几个版本时，用这个文件，可以写几次",
    )
    parser.add_argument(
        "--limit",
        action="append",
        type=_limit,
        default=[],
        metavar="名称=数值",
        help="放宽或收紧读文件的上限：size、unpacked（兆）、pages（页）、characters（字）、files（个）、"
        "nesting（压缩包层数）、seconds（每个文件的秒数），可以写几次",
    )
    parser.add_argument(
        "--engine",
        choices=("local", "dask"),
        default="local",
        metavar="方式",
        help="local（本机）或 dask（集群）",
    )
    parser.add_argument(
        "--scheduler", default="", metavar="地址", help="--engine dask 时，调度器的地址，例如 tcp://主机:8786"
    )
    parser.add_argument(
        "--timings", action="store_true", help="编译完列出每一步用了多少秒、最慢的是哪一份、用了多少内存"
    )
    parser.add_argument("--log", type=Path, metavar="文件", help="把经过和全部提示（不只前几条）记进这个文件")
    parser.add_argument("--verbose", action="store_true", help="把提示全部显示出来，不省略")


def _build(parser: argparse.ArgumentParser) -> None:
    _building(parser)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出计数、结果文件和全部提示，供别的程序读")
    parser.add_argument("--watch", action="store_true", help="编译后守着：规则、模板或报告一改就重新编译")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rules", nargs="?", type=Path, metavar="规则文件夹", help="不写就用当前文件夹里的 rules，没有再用自带的"
    )
    _templates(parser)
    parser.add_argument("--strict", action="store_true", help="有警告也以 1 退出")
    parser.add_argument("--json", action="store_true", help="以 JSON 列出问题，供别的程序读")
    parser.add_argument(
        "--fix", action="store_true", help="改好全角标点、Tab、GBK 编码、漏写的空格；先列出要改哪里，加 --yes 才写回"
    )
    parser.add_argument("--yes", action="store_true", help="与 --fix 一起用：写回规则文件")
    parser.add_argument(
        "--unused",
        nargs="+",
        type=Path,
        metavar="报告",
        help="另外列出在例句和这些报告里没有用上的名称、句式、排除",
    )


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", metavar="种类", help="只输出这一种；不写就列出有哪些种类")
    parser.add_argument("--out", type=Path, metavar="文件夹", help="把全部种类写进这个文件夹")


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="+", metavar="什么", help="工作簿里的事实编号，或指标和地区（后面可加报告年度），或一句话"
    )
    parser.add_argument(
        "--as",
        dest="place_and_year",
        nargs=2,
        metavar=("地区", "年度"),
        help="那句话是哪里、哪一年的报告里的，如 --as 安吉县 2026；不写就看句子里怎么说",
    )
    parser.add_argument(
        "--under", choices=("review", "plan"), default="review", help="那句话在回顾（review）还是安排（plan）部分"
    )
    _rules(parser)
    parser.add_argument(
        "--reports", nargs="+", type=Path, metavar="路径", help="报告在哪里；不写就用上次编译的那些，没有再用样例报告"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("output"), metavar="文件夹", help="上次编译的结果在哪里（默认 output）"
    )


def _suggest(parser: argparse.ArgumentParser) -> None:
    _reports(parser, "", "用自带的样例报告")
    _rules(parser)
    parser.add_argument(
        "--for", dest="wanted", nargs=2, metavar=("名称", "句子"), help="只按一个名称和一句话写一条规则，不读报告"
    )
    parser.add_argument("--out", type=Path, metavar="文件.yaml", help="写进这个文件；不写就显示出来")
    parser.add_argument("--most", type=_jobs, default=20, metavar="个数", help="最多建议几条（默认 20）")
    parser.add_argument("--least", type=_jobs, default=2, metavar="个数", help="同一名称至少出现几次（默认 2）")


def _preview(parser: argparse.ArgumentParser) -> None:
    _reports(parser, "", "用自带的样例报告")
    parser.add_argument("--against", type=Path, metavar="文件夹", help="与哪个规则文件夹相比（原来的规则）")
    parser.add_argument("--briefing", metavar="地名", help="显示这个地方要情的文字，改模板时用")
    _rules(parser)
    parser.add_argument("--templates", type=Path, metavar="文件夹", help="用哪套模板（只用于 --briefing）")
    parser.add_argument("--out", type=Path, metavar="文件.xlsx", help="把变化写进这个工作簿")
    parser.add_argument("--most", type=_jobs, default=40, metavar="个数", help="每类最多显示几条（默认 40）")


def _rules_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", type=Path, metavar="表格.xlsx", help="写到哪里")
    _rules(parser)
    parser.add_argument("--force", action="store_true", help="覆盖已有的表格")


def _rules_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", type=Path, metavar="表格.xlsx", help="rules export 写出、改过的表格")
    _rules(parser)
    parser.add_argument("--dry-run", action="store_true", help="只说要改哪些，不写")


def _tasks_split(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out", nargs="?", type=Path, default=Path("output"), metavar="文件夹", help="编译的结果在哪里（默认 output）"
    )
    parser.add_argument("--into", type=Path, metavar="文件夹", help="分出的表放在哪里（默认结果文件夹里的“任务分办”）")
    _templates(parser)


def _tasks_merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="文件.xlsx", help="各单位交回的表")
    parser.add_argument(
        "--out", type=Path, default=Path("output"), metavar="文件夹", help="编译的结果在哪里（默认 output）"
    )


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="文件夹", help="工作文件夹，没有就新建")
    parser.add_argument("--force", action="store_true", help="覆盖文件夹里已有的同名文件")


def _studio(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="文件夹", help="工作文件夹；不写就用当前文件夹"
    )
    parser.add_argument("--port", type=int, default=0, metavar="端口", help="网页用的端口（默认自动找一个空的）")
    parser.add_argument("--no-browser", action="store_true", help="不自动打开浏览器，只给出网址")


def _limit(text: str) -> tuple[str, float]:
    """Return the name of a limit and its value: megabytes are given as such and kept as bytes."""
    name, sign, value = text.partition("=")
    scale = {"size": 1024**2, "unpacked": 1024**2, "seconds": 1.0}.get(name, 1)
    try:
        number = float(value) * scale
    except ValueError:
        number = 0
    if not sign or name not in _LIMITS or not 0 < number < 1e15:
        raise argparse.ArgumentTypeError(f"要写成 名称=数值，名称是 {'、'.join(_LIMITS)} 之一")
    return name, number if name == "seconds" else int(number)


_LIMITS = ("size", "unpacked", "pages", "characters", "files", "nesting", "seconds")


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("个数要写 1 或更大的整数")
    return number


COMMANDS: tuple[Command, ...] = (
    Command(
        "build",
        "把政府工作报告编成目标与结果工作簿、要情和数据表",
        "compiler.app.commands.build:build",
        _build,
        (
            "report-compiler build",
            "report-compiler build 报告文件夹 --out 结果",
            "report-compiler build 报告.txt --strict",
        ),
        "结果文件夹里有 目标与结果.xlsx、briefings（每份报告一份要情）、facts.csv、facts.jsonl 和 build.json。",
    ),
    Command(
        "watch",
        "编译并守着：规则、模板或报告一改就重新编译，并列出变化",
        "compiler.app.commands.build:watch",
        _building,
        ("report-compiler watch reports",),
        "按 Ctrl+C 结束。",
    ),
    Command(
        "check",
        "检查规则和模板：写法、重复、例句",
        "compiler.app.commands.check:check",
        _check,
        ("report-compiler check", "report-compiler check 我的规则 --strict"),
        "规则里的每个例句都会照编译时的办法走一遍。",
    ),
    Command(
        "init",
        "新建工作文件夹：规则、模板、样例报告各放一份，改起来不影响程序",
        "compiler.app.commands.workspace:init",
        _init,
        ("report-compiler init 我的工作", "cd 我的工作 && report-compiler build reports"),
    ),
    Command(
        "studio",
        "在浏览器里用：放报告、编译、看数字、改规则，不用命令行",
        "compiler.studio.server:run",
        _studio,
        ("report-compiler studio", "report-compiler studio 我的工作"),
        "只在本机打开，不联网；文件夹里还没有规则时，先放一份自带的。",
    ),
    Command(
        "schema",
        "输出规则和模板的 JSON Schema，编辑器据此补全和解释各个键",
        "compiler.app.commands.workspace:schema",
        _schema,
        ("report-compiler schema", "report-compiler schema indicators", "report-compiler schema --out schema"),
    ),
    Command(
        "explain",
        "说明一个数字为什么归了这个指标，或者为什么没有要",
        "compiler.app.commands.rules:explain",
        _explain,
        (
            "report-compiler explain F1A2B3C4D",
            "report-compiler explain 地区生产总值 宜春市 2024",
            "report-compiler explain 两县完成地区生产总值560亿元。",
            "report-compiler explain 地区生产总值增长6.5%，力争7%以上。 --under plan",
        ),
        "从句子一直说到格子：哪个名称认出了它，数字怎么换算，哪一步没有要，要改规则的哪一行。",
    ),
    Command(
        "suggest",
        "把没有规则认领的数字归并起来，写成可以直接粘贴的规则",
        "compiler.app.commands.rules:suggest",
        _suggest,
        ("report-compiler suggest reports", "report-compiler suggest reports --out rules/indicators/新增.yaml"),
        "写出的规则带例句，粘贴后能通过 check；名称、单位请再看一遍，编号换成看得懂的。",
    ),
    Command(
        "preview",
        "用两套规则各编译一遍，列出变了的数；或显示一份要情的文字",
        "compiler.app.commands.rules:preview",
        _preview,
        (
            "report-compiler preview reports --against 原来的规则",
            "report-compiler preview reports --against 原来的规则 --rules rules --out 变化.xlsx",
            "report-compiler preview reports --briefing 锦州市 --templates templates",
        ),
        "改了规则，先看看哪些格子会变，再正式编译。",
    ),
    Command(
        "tasks split",
        "把任务清单按牵头单位分成一家一本，发下去填",
        "compiler.app.commands.tasks:tasks_split",
        _tasks_split,
        ("report-compiler tasks split output", "report-compiler tasks split output --into 发出"),
        "先在任务清单里填好牵头单位并保存。",
    ),
    Command(
        "tasks merge",
        "把各单位填好交回的表收进工作簿，两边都改了的列出来",
        "compiler.app.commands.tasks:tasks_merge",
        _tasks_merge,
        ("report-compiler tasks merge 交回/*.xlsx", "report-compiler tasks merge 市财政局.xlsx --out output"),
        "只收改过的格；工作簿里也改了的，不覆盖，列出来由人定。",
    ),
    Command(
        "rules export",
        "把指标规则写成 Excel 表格，一行一条",
        "compiler.app.commands.rules:rules_export",
        _rules_export,
        ("report-compiler rules export 规则.xlsx",),
        "在表格里改好，用 rules import 写回。",
    ),
    Command(
        "rules import",
        "把表格里改过的、新加的规则写回 YAML 文件",
        "compiler.app.commands.rules:rules_import",
        _rules_import,
        ("report-compiler rules import 规则.xlsx", "report-compiler rules import 规则.xlsx --dry-run"),
        "没有改的一个字也不动，注释和次序照旧；有一处不对就什么也不写。",
    ),
)

#: What a group of two-word commands is for.
GROUPS: dict[str, str] = {"rules": "规则与 Excel 表格互换", "tasks": "任务清单按牵头单位分出去、收回来"}
