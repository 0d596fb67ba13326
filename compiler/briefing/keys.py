"""The keys of the two template files, for editors and documentation.

The writers check their templates themselves (``workbook_template.py``, ``briefing_outline.py``), since
they alone know the values; a test says that the shipped templates fit this description.
"""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import ALIGN, EXPRESSION, IN_TEXT, LONG_TEXT, TEMPLATE_FORMAT
from compiler.rules.shapes import Either, Flag, Key, ListOf, OneOf, Record, Table, Text, Whole

# --- workbook ----------------------------------------------------------------------------------


# --- briefing ----------------------------------------------------------------------------------

_WHEN: Final = Key(
    "when", EXPRESSION, "条件", "成立时才出现；直接写表达式，不用 {{ }}。", "has_last_report and missed", "总是"
)
_MOST: Final = Key("most", Text(6), "最多", "最多多少条；摘录可以写 all，表示全部。", "10", "由程序定")
_LEAST: Final = Key("least", Whole(0, 999_999), "最少", "少于多少条就不出现。", "3", "由程序定")
_OTHERWISE: Final = Key("otherwise", EXPRESSION, "否则", f"没有内容时写的话，{IN_TEXT}", "没有取到目标。", "什么也不写")
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
    (_WHEN, Key("text", EXPRESSION, "文字", f"一条要点，{IN_TEXT}", "共{{ goals|length }}项。", required=True))
)
_TABLE_COLUMN: Final = Record(
    (
        Key("title", EXPRESSION, "列名", f"表头里的字，{IN_TEXT}", "指标", required=True),
        Key("value", EXPRESSION, "内容", "每一行的内容，{{ row.… }} 是这一行的值。", '"{{ row.name }}"', required=True),
        Key("width", Whole(1, 999), "列宽", "各列宽度的比例。", "20", "10"),
        Key("align", ALIGN, "对齐", "格子里的字靠哪边。", "center", "left"),
        _WHEN,
    )
)
_SERIES: Final = Record(
    (
        Key("name", EXPRESSION, "名称", f"图例里的字，{IN_TEXT}", '"{{ year }}年目标"', required=True),
        Key("value", EXPRESSION, "数值", "每一行的数值。", '"{{ row.goal_number }}"', required=True),
    )
)
_BLOCK: Final = Record(
    (
        _WHEN,
        Key(
            "text",
            EXPRESSION,
            "一段话",
            f"一段固定文字和算出来的值；和 list 一起写时是每一项的话。{IN_TEXT}",
            '"共{{ goals|length }}项。"',
            "不是这种",
        ),
        Key("points", ListOf(Either(EXPRESSION, _POINT), unique=False), "要点", "一条一条的要点。", "", "不是这种"),
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
        Key("caption", EXPRESSION, "题注", f"表和图的名称，{IN_TEXT}", '"{{ year }}年目标"', "没有"),
        Key("columns", ListOf(_TABLE_COLUMN, unique=False), "列", "表格从左到右的各列。", "", "没有"),
        Key("series", ListOf(_SERIES, unique=False), "数据系列", "图里的各组数据。", "", "没有"),
        Key("label", EXPRESSION, "分类", "图里每一组的名称。", '"{{ row.name }}"', "没有"),
        Key("axis", EXPRESSION, "坐标轴", "坐标轴的单位。", '"%"', "没有"),
        Key("note", EXPRESSION, "注", f"表和图下面的小字，{IN_TEXT}", "“—”表示报告没有载明。", "没有"),
        Key("headings", Flag(), "小标题", "摘录要不要带小标题。", "no", "yes"),
        _MOST,
        _LEAST,
        _OTHERWISE,
    )
)
_PART: Final = Record(
    (
        Key("id", Text(40), "代号", "这一部分的代号。", "plan", "没有"),
        Key("title", EXPRESSION, "标题", f"这一部分的标题，序号由程序加。{IN_TEXT}", "主要预期目标", required=True),
        _WHEN,
        Key("blocks", ListOf(_BLOCK, unique=False), "内容", "一块一块的内容，依次排列。", "", required=True),
    )
)
_OUTLINE: Final = Record(
    (
        Key("title", EXPRESSION, "标题", f"要情的大标题，{IN_TEXT}", '"{{ place }}政府工作报告要情"', required=True),
        Key("source_line", EXPRESSION, "来源行", f"标题下面的一行，{IN_TEXT}", "（据政府工作报告摘编）", "没有"),
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
        TEMPLATE_FORMAT,
        Key("version", Text(20), "版本", "模板的版本。", '"2026.1"', "空"),
        Key(
            "file_name",
            EXPRESSION,
            "文件名",
            f"要情的文件名，不带 .docx。{IN_TEXT}",
            '"{{ place }}要情"',
            required=True,
        ),
        Key(
            "properties",
            Table(None, EXPRESSION),
            "文档属性",
            f"Word 文档的主题、作者、关键词等属性，{IN_TEXT}",
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
        Key("words", Table(None, LONG_TEXT), "用词", "句子里的固定用词。", "", "由程序定"),
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
