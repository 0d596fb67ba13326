"""The keys of ``workbook.yaml``."""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import ALIGN, EXPRESSION, IN_TEXT, LONG_TEXT, TEMPLATE_FORMAT
from compiler.rules.shapes import Either, Figure, Flag, Key, ListOf, MapOf, OneOf, Record, Text, Whole
from compiler.workbook.column_names import NAMES
from compiler.workbook.sheet_kinds import SHEET_KINDS

_COLOUR: Final = Text(20, "colour")


_SHEET_NAMES: Final = dict(SHEET_KINDS.choices)


def _column_keys() -> OneOf:
    sheets: dict[str, list[str]] = {}
    for kind, names in NAMES.items():
        for name in names:
            sheets.setdefault(name, []).append(_SHEET_NAMES[kind])
    return OneOf(tuple((name, f"可用在：{'、'.join(kinds)}") for name, kinds in sorted(sheets.items())))


_COLUMN_KEYS: Final = (
    Key("key", _column_keys(), "现成的值", "从现成的值里选一个；每种表能用的不同。", "indicator", "用 value 或 entry"),
    Key("value", EXPRESSION, "表达式", f"自己拼一段文字，{IN_TEXT}", '"{{ owner }}（{{ unit }}）"', "用 key 或 entry"),
    Key(
        "entry", Text(40), "填写列", "留给人填写的列，写它的代号；重新生成时保留填写的内容。", "lead", "用 key 或 value"
    ),
    Key("title", Text(60), "列名", "表头里的字；{last} 是上年，{this} 是本年。", "指标名称", "代号"),
    Key("width", Figure(), "列宽", "以半角字符计，一个汉字占 2。", "12", "12"),
    Key("align", ALIGN, "对齐", "格子里的字靠哪边。", "center", "由程序定"),
    Key("wrap", Flag(), "换行", "true 表示字多时自动换行。", "true", "true"),
    Key("hidden", Flag(), "隐藏", "true 表示藏起这一列。", "true", "false"),
    Key("hide_if_empty", Flag(), "空则隐藏", "true 表示整列没有内容时藏起来。", "true", "false"),
    Key("hide_if_single", Flag(), "单一则隐藏", "true 表示整列只有一种内容时藏起来。", "true", "false"),
    Key("merge", Flag(), "合并", "true 表示上下相同的格子合并。", "true", "false"),
    Key("number", Flag(), "数字", "true 表示按数字写进格子。", "true", "false"),
    Key("choices", ListOf(Text(40)), "选项", "填写列的下拉选项。", "[甲, 乙]", "不限"),
    Key("prefill", Text(40), "预填", "填写列预先填上哪个值。", "owner", "空"),
)


COLUMN: Final = Record(
    (
        *_COLUMN_KEYS,
        Key("group", Text(60), "上层表头", "两层表头的上一层，下面的列写在 columns 里。", '"{last}目标"', "只有一层"),
        Key(
            "columns",
            ListOf(Record(_COLUMN_KEYS), unique=False, lenient=True),
            "下层的列",
            "上层表头下面的各列。",
            "",
            "没有",
        ),
    )
)


_HIGHLIGHT: Final = Record(
    (
        Key("entry", Text(40), "填写列", "看哪一列，写它的代号。", "state", required=True),
        Key("word", Text(40), "字样", "格子里是这个字样时。", "推进中", required=True),
        Key("fill", _COLOUR, "底色", "六位十六进制颜色。", "D8EFD9", "不变"),
        Key("colour", _COLOUR, "字色", "六位十六进制颜色。", "1B5E20", "不变"),
    )
)


SHEET: Final = Record(
    (
        Key("kind", SHEET_KINDS, "种类", "是哪一种表；每种最多一张。", "results", required=True),
        Key("name", Text(60), "表名", "工作表标签上的字。", "目标与结果", "种类"),
        Key("title", Text(200), "标题", "表上面的大字。", "主要目标与完成情况", "没有"),
        Key(
            "title_without_last",
            Text(200),
            "缺上年时的标题",
            "没有收入上年报告时，打印表上面的大字。",
            "主要指标实绩和预期目标",
            "同 title",
        ),
        Key("note", LONG_TEXT, "说明", "标题下面的小字。", "单位见“单位”列。", "没有"),
        Key("foot", LONG_TEXT, "表注", "打印表下面的小字。", "", "没有"),
        Key(
            "foot_without_last",
            LONG_TEXT,
            "缺上年时的表注",
            "没有收入上年报告时，表下面的小字；{places} 是哪些地区。",
            "",
            "没有",
        ),
        Key("themes", Either(Text(40), ListOf(Text(40))), "主题", "放哪些主题的指标，all 表示全部。", "all", "all"),
        Key("headline", Flag(), "只放主要指标", "true 表示只放规则里写了 headline: true 的指标。", "true", "false"),
        Key("freeze", Text(40), "冻结", "左边冻结到哪一列，写它的代号。", "indicator", "不冻结"),
        Key("table", Text(40), "表格名", "做成 Excel 的“表格”时用的名称。", "明细表", "不做"),
        Key("filter", Flag(), "筛选", "true 表示表头带筛选按钮。", "true", "true"),
        Key(
            "columns",
            ListOf(COLUMN, unique=False, lenient=True),
            "列",
            "从左到右的各列。",
            "[{key: indicator, title: 指标名称, width: 26}]",
            "没有",
        ),
        Key(
            "highlights",
            ListOf(_HIGHLIGHT, unique=False, lenient=True),
            "着色",
            "某列写着某个字样时的颜色。",
            "",
            "没有",
        ),
        Key("texts", MapOf(None, LONG_TEXT), "文字", "这张表里的固定文字。", "", "显示代号"),
        Key("contents", MapOf(None, LONG_TEXT), "目录文字", "说明表的目录里，每种表的一句话。", "", "没有"),
    )
)


WORKBOOK_FILE: Final = Record(
    (
        TEMPLATE_FORMAT,
        Key(
            "theme_order",
            ListOf(Text(40)),
            "主题次序",
            "各表里主题的先后；没有列出的排在后面。",
            "[果业, 林业]",
            "按规则文件的次序",
        ),
        Key(
            "also_main",
            ListOf(Text(40)),
            "也算主要指标",
            "打印表、历年对照里和主要指标放在一起的指标（规则里没有写 headline 的），写指标名称。",
            "[城镇登记失业率]",
            "没有",
        ),
        Key(
            "book",
            MapOf(None, LONG_TEXT),
            "文档属性",
            "工作簿的标题、主题、关键词等属性。",
            "{title: 目标与结果}",
            "空",
        ),
        Key(
            "look",
            Record(
                (
                    Key("font", Text(40), "字体", "正文字体。", "宋体", "由程序定"),
                    Key("title_font", Text(40), "标题字体", "大标题的字体。", "黑体", "由程序定"),
                    Key("header_font", Text(40), "表头字体", "表头的字体。", "黑体", "由程序定"),
                    Key("size", Figure(), "字号", "正文字号（磅）。", "10", "10"),
                    Key("title_size", Figure(), "标题字号", "大标题的字号（磅）。", "16", "16"),
                    Key("header_fill", _COLOUR, "表头底色", "六位十六进制颜色。", "DCE6F1", "由程序定"),
                    Key("header_colour", _COLOUR, "表头字色", "六位十六进制颜色。", "1F2A44", "由程序定"),
                    Key("border", _COLOUR, "框线颜色", "六位十六进制颜色。", "A6A6A6", "由程序定"),
                    Key("link", _COLOUR, "链接颜色", "可以点开的数字的颜色。", "1F4E79", "由程序定"),
                    Key("grey", _COLOUR, "灰字颜色", "没有取到时的字色。", "808080", "由程序定"),
                    Key("entry_fill", _COLOUR, "填写列底色", "可以填写的格子的底色。", "FFFBE6", "由程序定"),
                    Key(
                        "colours",
                        MapOf(None, Record((_HIGHLIGHT.keys[2], _HIGHLIGHT.keys[3]))),
                        "完成情况的颜色",
                        "每种完成情况的底色和字色，键是台账规则里 status. 后面的名字。",
                        "{met: {fill: E8F5E9, colour: 1B5E20}}",
                        "不着色",
                    ),
                ),
                open=True,
            ),
            "样子",
            "字体、字号和颜色。",
            "{font: 宋体, size: 10}",
            "由程序定",
        ),
        Key(
            "limits",
            MapOf(None, Whole(1, 10_000_000)),
            "界限",
            "表数、行数、图数的上限。",
            "{print_sheets: 30}",
            "由程序定",
        ),
        Key("texts", MapOf(None, LONG_TEXT), "文字", "各表共用的固定文字。", "{last: 上年, this: 本年}", "显示代号"),
        Key("sheets", ListOf(SHEET, unique=False, lenient=True), "工作表", "从左到右的各张表。", "", required=True),
    )
)
