"""The keys of the two template files, for editors and documentation.

The writers check their templates themselves (``workbook_template.py``, ``briefing_outline.py``), since
they alone know the values; a test says that the shipped templates fit this description.
"""

from __future__ import annotations

from typing import Final

from compiler.rules.shapes import Either, Figure, Flag, Key, ListOf, OneOf, Record, Table, Text, Whole
from compiler.workbook.names import NAMES

_TEXT: Final = Text(2_000)
_EXPRESSION: Final = Text(4_000, "code")
_COLOUR: Final = Text(6)
_ALIGN: Final = OneOf((("left", "靠左"), ("center", "居中"), ("right", "靠右")))
_FORMAT_KEY: Final = Key("format", Whole(0, 999), "格式号", "模板文件的格式号，照写 1。", "1", "1")

_IN_TEXT: Final = "{{ }} 里写值的名字。"

# --- workbook ----------------------------------------------------------------------------------

_SHEET_KINDS: Final = OneOf(
    (
        ("cover", "说明"),
        ("results", "目标与结果"),
        ("print", "打印表，一份报告一张"),
        ("compare", "多地对比"),
        ("tasks", "任务清单"),
        ("checks", "待核清单"),
        ("evidence", "原文依据"),
        ("uncovered", "没有规则认领的数字"),
        ("passages", "章节摘录"),
        ("detail", "全部事实"),
        ("rules", "规则一览"),
        ("kept", "没有对上的填写"),
    )
)
_SHEET_NAMES: Final = dict(_SHEET_KINDS.choices)


def _column_keys() -> OneOf:
    sheets: dict[str, list[str]] = {}
    for kind, names in NAMES.items():
        for name in names:
            sheets.setdefault(name, []).append(_SHEET_NAMES[kind])
    return OneOf(tuple((name, f"可用在：{'、'.join(kinds)}") for name, kinds in sorted(sheets.items())))


_COLUMN_KEYS: Final = (
    Key("key", _column_keys(), "现成的值", "从现成的值里选一个；每种表能用的不同。", "indicator", "用 value 或 entry"),
    Key(
        "value", _EXPRESSION, "表达式", f"自己拼一段文字，{_IN_TEXT}", '"{{ owner }}（{{ unit }}）"', "用 key 或 entry"
    ),
    Key(
        "entry", Text(40), "填写列", "留给人填写的列，写它的代号；重新生成时保留填写的内容。", "lead", "用 key 或 value"
    ),
    Key("title", Text(60), "列名", "表头里的字；{last} 是上年，{this} 是本年。", "指标名称", "代号"),
    Key("width", Figure(), "列宽", "以半角字符计，一个汉字占 2。", "12", "12"),
    Key("align", _ALIGN, "对齐", "格子里的字靠哪边。", "center", "由程序定"),
    Key("wrap", Flag(), "换行", "true 表示字多时自动换行。", "true", "true"),
    Key("hidden", Flag(), "隐藏", "true 表示藏起这一列。", "true", "false"),
    Key("hide_if_empty", Flag(), "空则隐藏", "true 表示整列没有内容时藏起来。", "true", "false"),
    Key("merge", Flag(), "合并", "true 表示上下相同的格子合并。", "true", "false"),
    Key("number", Flag(), "数字", "true 表示按数字写进格子。", "true", "false"),
    Key("choices", ListOf(Text(40)), "选项", "填写列的下拉选项。", "[甲, 乙]", "不限"),
    Key("prefill", Text(40), "预填", "填写列预先填上哪个值。", "owner", "空"),
)
_COLUMN: Final = Record(
    (
        *_COLUMN_KEYS,
        Key("group", Text(60), "上层表头", "两层表头的上一层，下面的列写在 columns 里。", '"{last}目标"', "只有一层"),
        Key("columns", ListOf(Record(_COLUMN_KEYS), unique=False), "下层的列", "上层表头下面的各列。", "", "没有"),
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
_SHEET: Final = Record(
    (
        Key("kind", _SHEET_KINDS, "种类", "是哪一种表；每种最多一张。", "results", required=True),
        Key("name", Text(60), "表名", "工作表标签上的字。", "目标与结果", "种类"),
        Key("title", Text(200), "标题", "表上面的大字。", "主要目标与完成情况", "没有"),
        Key("note", _TEXT, "说明", "标题下面的小字。", "单位见“单位”列。", "没有"),
        Key("foot", _TEXT, "表注", "打印表下面的小字。", "", "没有"),
        Key("foot_without_last", _TEXT, "缺上年时的表注", "没有收入上年报告时，打印表下面的小字。", "", "没有"),
        Key("themes", Either(Text(40), ListOf(Text(40))), "主题", "放哪些主题的指标，all 表示全部。", "all", "all"),
        Key("headline", Flag(), "只放主要指标", "true 表示只放规则里写了 headline: true 的指标。", "true", "false"),
        Key("freeze", Text(40), "冻结", "左边冻结到哪一列，写它的代号。", "indicator", "不冻结"),
        Key("table", Text(40), "表格名", "做成 Excel 的“表格”时用的名称。", "明细表", "不做"),
        Key("filter", Flag(), "筛选", "true 表示表头带筛选按钮。", "true", "true"),
        Key(
            "columns",
            ListOf(_COLUMN, unique=False),
            "列",
            "从左到右的各列。",
            "[{key: indicator, title: 指标名称, width: 26}]",
            "没有",
        ),
        Key("highlights", ListOf(_HIGHLIGHT, unique=False), "着色", "某列写着某个字样时的颜色。", "", "没有"),
        Key("texts", Table(None, _TEXT), "文字", "这张表里的固定文字。", "", "显示代号"),
        Key("contents", Table(None, _TEXT), "目录文字", "说明表的目录里，每种表的一句话。", "", "没有"),
    )
)
WORKBOOK_FILE: Final = Record(
    (
        _FORMAT_KEY,
        Key(
            "theme_order",
            ListOf(Text(40)),
            "主题次序",
            "各表里主题的先后；没有列出的排在后面。",
            "[果业, 林业]",
            "按规则文件的次序",
        ),
        Key("book", Table(None, _TEXT), "文档属性", "工作簿的标题、主题、关键词等属性。", "{title: 目标与结果}", "空"),
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
                    Key("grey", _COLOUR, "灰字颜色", "报告没有提到时的字色。", "808080", "由程序定"),
                    Key("entry_fill", _COLOUR, "填写列底色", "可以填写的格子的底色。", "FFFBE6", "由程序定"),
                    Key(
                        "colours",
                        Table(None, Record((_HIGHLIGHT.keys[2], _HIGHLIGHT.keys[3]))),
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
            Table(None, Whole(1, 10_000_000)),
            "界限",
            "表数、行数、图数的上限。",
            "{print_sheets: 30}",
            "由程序定",
        ),
        Key("texts", Table(None, _TEXT), "文字", "各表共用的固定文字。", "{last: 上年, this: 本年}", "显示代号"),
        Key("sheets", ListOf(_SHEET, unique=False), "工作表", "从左到右的各张表。", "", required=True),
    )
)

# --- briefing ----------------------------------------------------------------------------------

_WHEN: Final = Key(
    "when", _EXPRESSION, "条件", "成立时才出现；直接写表达式，不用 {{ }}。", "has_last_report and missed", "总是"
)
_MOST: Final = Key("most", Text(6), "最多", "最多多少条；摘录可以写 all，表示全部。", "10", "由程序定")
_LEAST: Final = Key("least", Whole(0, 999_999), "最少", "少于多少条就不出现。", "3", "由程序定")
_OTHERWISE: Final = Key(
    "otherwise", _EXPRESSION, "否则", f"没有内容时写的话，{_IN_TEXT}", "没有取到目标。", "什么也不写"
)
_STYLE_ROLES: Final = OneOf(
    (
        ("body", "正文"),
        ("title", "标题"),
        ("source_line", "来源行"),
        ("point", "要点"),
        ("quote", "引文"),
        ("heading_1", "一级标题"),
        ("heading_2", "二级标题"),
        ("heading_3", "三级标题"),
        ("annex", "附件标题"),
        ("caption", "题注"),
        ("cell_left", "表文靠左"),
        ("cell_center", "表文居中"),
        ("cell_right", "表文靠右"),
        ("cell_head", "表头"),
        ("table_note", "表注"),
        ("figure", "图"),
        ("source", "依据"),
    )
)
_MORE_ROLES: Final = (("note", "引注"), ("note_cell", "表内引注"), ("strong", "强调"), ("table", "表格"))
_POINT: Final = Record(
    (_WHEN, Key("text", _EXPRESSION, "文字", f"一条要点，{_IN_TEXT}", "共{{ goals|length }}项。", required=True))
)
_TABLE_COLUMN: Final = Record(
    (
        Key("title", _EXPRESSION, "列名", f"表头里的字，{_IN_TEXT}", "指标", required=True),
        Key(
            "value", _EXPRESSION, "内容", "每一行的内容，{{ row.… }} 是这一行的值。", '"{{ row.name }}"', required=True
        ),
        Key("width", Whole(1, 999), "列宽", "各列宽度的比例。", "20", "10"),
        Key("align", _ALIGN, "对齐", "格子里的字靠哪边。", "center", "left"),
        _WHEN,
    )
)
_SERIES: Final = Record(
    (
        Key("name", _EXPRESSION, "名称", f"图例里的字，{_IN_TEXT}", '"{{ year }}年目标"', required=True),
        Key("value", _EXPRESSION, "数值", "每一行的数值。", '"{{ row.goal_number }}"', required=True),
    )
)
_BLOCK: Final = Record(
    (
        _WHEN,
        Key(
            "text",
            _EXPRESSION,
            "一段话",
            f"一段固定文字和算出来的值；和 list 一起写时是每一项的话。{_IN_TEXT}",
            '"共{{ goals|length }}项。"',
            "不是这种",
        ),
        Key("points", ListOf(Either(_EXPRESSION, _POINT), unique=False), "要点", "一条一条的要点。", "", "不是这种"),
        Key("list", Text(40), "列表", "把哪个列表逐项写成一段，写列表的名字。", "missed", "不是这种"),
        Key("table", Text(40), "表格", "把哪个列表做成表格，写列表的名字。", "goals", "不是这种"),
        Key("chart", Text(40), "图", "把哪个列表画成图，写列表的名字。", "charted", "不是这种"),
        Key(
            "passages",
            Either(Text(40), ListOf(Text(40))),
            "摘录",
            "摘哪些章节，写章节规则的 id；rest 是别处没有摘的。",
            "[rest]",
            "不是这种",
        ),
        Key(
            "except",
            Either(Text(40), ListOf(Text(40))),
            "除外",
            "摘录时不要哪些章节，写章节规则的 id。",
            "[orchards]",
            "没有",
        ),
        Key("sources", Text(40), "原文依据", "列出原文依据，写 all。", "all", "不是这种"),
        Key("style", _STYLE_ROLES, "样式", "用哪个样式，写 styles 里的名字。", "quote", "body"),
        Key("id", Text(40), "代号", '表和图的代号，正文里用 ref("代号") 提到它。', "table_goals", "没有"),
        Key("caption", _EXPRESSION, "题注", f"表和图的名称，{_IN_TEXT}", '"{{ year }}年目标"', "没有"),
        Key("columns", ListOf(_TABLE_COLUMN, unique=False), "列", "表格从左到右的各列。", "", "没有"),
        Key("series", ListOf(_SERIES, unique=False), "数据系列", "图里的各组数据。", "", "没有"),
        Key("label", _EXPRESSION, "分类", "图里每一组的名称。", '"{{ row.name }}"', "没有"),
        Key("axis", _EXPRESSION, "坐标轴", "坐标轴的单位。", '"%"', "没有"),
        Key("note", _EXPRESSION, "注", f"表和图下面的小字，{_IN_TEXT}", "“—”表示报告没有载明。", "没有"),
        Key("headings", Flag(), "小标题", "摘录要不要带小标题。", "no", "yes"),
        _MOST,
        _LEAST,
        _OTHERWISE,
    )
)
_PART: Final = Record(
    (
        Key("id", Text(40), "代号", "这一部分的代号。", "plan", "没有"),
        Key("title", _EXPRESSION, "标题", f"这一部分的标题，序号由程序加。{_IN_TEXT}", "主要预期目标", required=True),
        _WHEN,
        Key("blocks", ListOf(_BLOCK, unique=False), "内容", "一块一块的内容，依次排列。", "", required=True),
    )
)
_OUTLINE: Final = Record(
    (
        Key("title", _EXPRESSION, "标题", f"要情的大标题，{_IN_TEXT}", '"{{ place }}政府工作报告要情"', required=True),
        Key("source_line", _EXPRESSION, "来源行", f"标题下面的一行，{_IN_TEXT}", "（据政府工作报告摘编）", "没有"),
        Key("parts", ListOf(_PART, unique=False), "各部分", "一、二、三……各部分。", "", required=True),
        Key("annex", ListOf(_PART, unique=False), "附件", "附件的各部分。", "[]", "没有"),
    )
)
_FONT: Final = Record(
    (
        Key("name", Text(40), "字体", "briefing.docx 样式里用的字体。", "黑体", required=True),
        Key("use", Text(40), "换成", "想整体换成的字体，不换就空着。", "思源黑体", "不换"),
        Key("instead", ListOf(Text(40)), "替代", "没有装这个字体的电脑依次用哪些。", "[SimHei]", "没有"),
    )
)
BRIEFING_FILE: Final = Record(
    (
        _FORMAT_KEY,
        Key("version", Text(20), "版本", "模板的版本。", '"2026.1"', "空"),
        Key(
            "file_name",
            _EXPRESSION,
            "文件名",
            f"要情的文件名，不带 .docx。{_IN_TEXT}",
            '"{{ place }}要情"',
            required=True,
        ),
        Key(
            "properties",
            Table(None, _EXPRESSION),
            "文档属性",
            f"Word 文档的主题、作者、关键词等属性，{_IN_TEXT}",
            "{subject: 要情}",
            "空",
        ),
        Key(
            "styles",
            Table(OneOf((*_STYLE_ROLES.choices, *_MORE_ROLES)), Text(60)),
            "样式",
            "各处文字用 briefing.docx 里的哪个样式，写样式的名称。",
            "{heading_1: heading 1}",
            "必须写全",
        ),
        Key("fonts", ListOf(_FONT, unique=False), "字体", "样式里的字体和没有装时的替代。", "", "不替代"),
        Key("words", Table(None, _TEXT), "用词", "句子里的固定用词。", "", "由程序定"),
        Key("lists", Table(None, ListOf(Text(40))), "词表", "挑选摘录句子时看的词。", "", "空"),
        Key(
            "limits",
            Table(None, Whole(0, 999_999)),
            "数目",
            "每节最多几句、句子最长多少字等。",
            "{sentences: 5}",
            "由程序定",
        ),
        Key("briefing", _OUTLINE, "要情", "每份报告一份的提纲和文字。", "", required=True),
        Key("summary", _OUTLINE, "汇总", "多份报告汇总一份的提纲和文字。", "", required=True),
    )
)
