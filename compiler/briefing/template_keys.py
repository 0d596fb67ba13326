"""The keys of ``briefing.yaml``, declared once: the reader checks, editors complete and pages list them by these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compiler.rules.keys import ALIGN, EXPRESSION, IN_TEXT, TEMPLATE_FORMAT
from compiler.rules.shapes import Key, ListOf, MapOf, OneOf, Record, Text, Whole

MAYBE: Final = Text(4_000, "code", empty=True)
"""An expression that may be left empty: what stands there is then left out."""

_WHEN: Final = Key(
    "when", EXPRESSION, "条件", "成立时才出现；直接写表达式，不用 {{ }}。", "has_last_report and missed", "总是"
)
_MOST: Final = Key("most", Whole(0, 999_999), "最多", "最多多少条。", "10", "由程序定")
_LEAST: Final = Key("least", Whole(0, 999_999), "最少", "少于多少条就不出现。", "3", "由程序定")
PARAGRAPH_ROLES: Final = OneOf(
    (
        ("body", "正文"),
        ("title", "标题"),
        ("issue_line", "编报单位和期号"),
        ("source_line", "来源行"),
        ("point", "要点"),
        ("quote", "引文"),
        ("heading_1", "一级标题"),
        ("heading_2", "二级标题"),
        ("heading_3", "三级标题"),
        ("annex_list", "附件说明"),
        ("signature", "落款和成文日期"),
        ("annex", "附件序号"),
        ("annex_title", "附件标题"),
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
CHARACTER_ROLES: Final = OneOf((("note", "引注"), ("note_cell", "表内引注"), ("strong", "强调")))
TABLE_ROLES: Final = OneOf((("table", "表格"),))
ROLES: Final = OneOf((*PARAGRAPH_ROLES.choices, *CHARACTER_ROLES.choices, *TABLE_ROLES.choices))
"""The roles of text in a briefing; each takes a style of its kind."""

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
        Key("points", ListOf(_POINT, unique=False, lenient=True), "要点", "一条一条的要点。", "", "不是这种"),
        Key("list", Text(40), "列表", "把哪个列表逐项写成一段，写列表的名字。", "missed", "不是这种"),
        Key("table", Text(40), "表格", "把哪个列表做成表格，写列表的名字。", "goals", "不是这种"),
        Key("chart", Text(40), "图", "把哪个列表画成图，写列表的名字。", "charted", "不是这种"),
        Key(
            "heading",
            EXPRESSION,
            "小标题",
            f"列表每一项前面的小标题，序号由程序加。{IN_TEXT}",
            '"{{ row.name }}"',
            "没有",
        ),
        Key("sources", Text(40), "原文依据", "列出原文依据，写 all。", "all", "不是这种"),
        Key("style", PARAGRAPH_ROLES, "样式", "用哪个样式，写 styles 里的名字。", "quote", "body"),
        Key("id", Text(40), "代号", '表和图的代号，正文里用 ref("代号") 提到它。', "table_goals", "没有"),
        Key("caption", EXPRESSION, "题注", f"表和图的名称，{IN_TEXT}", '"{{ year }}年目标"', "没有"),
        Key("columns", ListOf(_TABLE_COLUMN, unique=False, lenient=True), "列", "表格从左到右的各列。", "", "没有"),
        Key("series", ListOf(_SERIES, unique=False, lenient=True), "数据系列", "图里的各组数据。", "", "没有"),
        Key("label", EXPRESSION, "分类", "图里每一组的名称。", '"{{ row.name }}"', "没有"),
        Key("axis", EXPRESSION, "坐标轴", "坐标轴的单位。", '"%"', "没有"),
        Key("note", EXPRESSION, "注", f"表和图下面的小字，{IN_TEXT}", "“—”表示报告没有载明。", "没有"),
        _MOST,
        _LEAST,
    )
)
BLOCKS: Final[Mapping[str, tuple[str, ...]]] = {
    "list": ("list", "text", "heading", "style", "most", "when"),
    "table": ("table", "id", "caption", "columns", "note", "most", "least", "when"),
    "chart": ("chart", "id", "caption", "label", "axis", "series", "note", "most", "least", "when"),
    "points": ("points", "most", "when"),
    "sources": ("sources", "when"),
    "text": ("text", "style", "when"),
}
"""The kinds of blocks, each with its keys. A list may have a text as well, so the order tells which one a block is."""

_PART: Final = Record(
    (
        Key("id", Text(40), "代号", "这一部分的代号。", "plan", "没有"),
        Key("title", EXPRESSION, "标题", f"这一部分的标题，序号由程序加。{IN_TEXT}", "主要预期目标", required=True),
        _WHEN,
        Key(
            "blocks",
            ListOf(_BLOCK, unique=False, lenient=True),
            "内容",
            "一块一块的内容，依次排列。",
            "",
            required=True,
        ),
    )
)
_OUTLINE: Final = Record(
    (
        Key("title", EXPRESSION, "标题", f"要情的大标题，{IN_TEXT}", '"{{ place }}政府工作报告要情"', required=True),
        Key("source_line", EXPRESSION, "来源行", f"标题下面的一行，{IN_TEXT}", "（据政府工作报告摘编）", "没有"),
        Key("parts", ListOf(_PART, unique=False, lenient=True), "各部分", "一、二、三……各部分。", "", required=True),
        Key("annex", ListOf(_PART, unique=False, lenient=True), "附件", "附件的各部分。", "[]", "没有"),
    )
)
_FONT: Final = Record(
    (
        Key("name", Text(40), "字体", "briefing.docx 样式里用的字体。", "黑体", required=True),
        Key("use", Text(40, empty=True), "换成", "想整体换成的字体，不换就空着。", "思源黑体", "不换"),
        Key("instead", ListOf(Text(40)), "替代", "没有装这个字体的电脑依次用哪些。", "[SimHei]", "没有"),
    )
)
OFFICE: Final = Record(
    (
        Key("issuer", MAYBE, "编报单位", f"标题上面的编报单位，{IN_TEXT}", "市政府办公室", "不写"),
        Key("issue", MAYBE, "期号", f"标题上面的期号，{IN_TEXT}", "第1期", "不写"),
        Key("signed", MAYBE, "落款", f"正文之后的落款单位，{IN_TEXT}", "市政府办公室", "不写"),
        Key("dated", MAYBE, "成文日期", f"落款下面的日期，{IN_TEXT}", "2017年2月8日", "不写"),
    )
)
PROPERTIES: Final = Record(
    (
        Key("subject", MAYBE, "主题", f"文档属性里的主题，{IN_TEXT}", "政府工作报告要情", "空"),
        Key("creator", MAYBE, "作者", f"文档属性里的作者，{IN_TEXT}", "市政府办公室", "空"),
        Key("keywords", MAYBE, "关键词", f"文档属性里的关键词，{IN_TEXT}", "目标;实绩", "空"),
        Key("category", MAYBE, "类别", f"文档属性里的类别，{IN_TEXT}", "要情", "空"),
        Key("description", MAYBE, "备注", f"文档属性里的备注，{IN_TEXT}", "内部资料", "空"),
    )
)
DEFAULT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "growth_up": ("增长", "增速为正时的动词"),
    "growth_down": ("下降", "增速为负时的动词"),
    "rate_up": ("提高", "比率上升时的动词"),
    "rate_down": ("降低", "比率下降时的动词"),
    "amount_up": ("增加", "数量增加时的动词"),
    "amount_down": ("减少", "数量减少时的动词"),
    "reach": ("达到", "争取目标用这个词时后面不写增长"),
    "flat": ("与上年持平", "没有变化时的话"),
    "moved": ("由{old}调整为{new}", "目标变化的话，{old} 上年、{new} 今年"),
    "basis_growth": ("增速位次", "按增速排的位次"),
    "basis_amount": ("总量位次", "按总量排的位次"),
    "basis_level": ("水平位次", "比率、占比按水平排的位次"),
    "doubt": ("（待核）", "存疑的数后面的字"),
    "paragraph": ("第{number}段", "报告的段次，{number} 段号"),
    "more_places": ("等{count}个地区", "并列的地区多时的话，{count} 一共几个"),
    "in_body": ("见正文“{part}”", "原文已在正文里的话，{part} 正文的部分"),
    "annex": ("附件", "附件说明和附件序号里的字"),
    "table": ("表", "表的题注"),
    "chart": ("图", "图的题注"),
    "report": ("《政府工作报告》", "依据里说是哪份报告"),
}
"""Words that sentences are made with: the default of each, and what it is for."""

WORDS: Final = Record(
    tuple(
        Key(
            name,
            Text(200, "wording", ("old", "new", "number", "count", "part")),
            about,
            f"{about}。",
            word,
            word,
        )
        for name, (word, about) in DEFAULT_WORDS.items()
    )
)
LIST_NAMES: Final[Mapping[str, str]] = {
    "themes": "指标类别的先后",
    "overview": "要点里讲上年的指标，写指标名称",
    "overview_more": "上面的没有取到几个时，用来补足的指标，按先后",
    "aims": "要点里讲今年目标的指标，写指标名称，按先后",
    "estimates": "说是预计数的词",
    "several": "名称里有这些字，说的是几样东西",
    "each": "位次、比较里有这些字，说的是前面的几项",
    "commitments": "作出承诺的动词",
    "projects": "项目、工程一类的词",
    "deadlines": "时限一类的词",
    "major": "算作重大项目的词",
    "not_major": "含有这些叫法、说的却是别的",
    "sums": "投资额一类的单位，有了更算重大项目",
    "leaning": "靠着上一句的开头",
    "closings": "称呼和结尾号召里的词，有这些词的句子不摘",
    "salutations": "句子开头可以去掉的称呼",
    "work_headings": "安排工作的大标题里的词",
    "aim_headings": "讲要求和目标的大标题里的词",
    "items": "分列各项时每项开头的词",
    "opens": "引出分列各项的词",
    "counts": "事项的量词",
    "deeds": "民生实事的叫法",
    "not_deeds": "含有这些叫法、说的却是别的",
    "done": "实事办成没有的词",
    "not_reached": "自述没有完成的词",
    "aim_words": "目标、任务一类的词",
    "openers": "引出问题的话",
    "announced": "只说有问题、没说是什么问题的句尾",
    "announcing": "只说有问题的话里的词，与句尾的词同时出现",
    "promises": "问题后面表态的话",
    "causes": "说原因的开头",
    "dropped": "问题前面可以去掉的话",
    "lacking": "说不足的词，要点里引问题时取有这些词的分句",
    "continued": "承前的分句的开头",
    "leading_to": "说结果的分句的开头，引用时去掉",
    "grown": "文字目标前面说增长的词，报告写了就照写",
    "reasons": "说原因的词，… 表示中间隔着别的字",
    "falls": "说下降、不足的词，与说原因的词同时出现才算没有完成的原因",
    "level_units": "按水平、不按总量排位次的单位",
}
"""Word lists that choosing looks at, each with what it is for."""

LISTS: Final = Record(
    tuple(Key(name, ListOf(Text(40)), about, f"{about}。", "[某某, 某甲]", "空") for name, about in LIST_NAMES.items())
)
SECTION_USES: Final[Mapping[str, str]] = {
    "aside": "不作为重点工作的章节（总体要求、目标）",
    "problems": "存在问题的章节",
}
SECTIONS: Final = Record(
    tuple(
        Key(name, ListOf(Text(60)), about, f"{about}。", "[problems]", "没有") for name, about in SECTION_USES.items()
    )
)
DEFAULT_LIMITS: Final[Mapping[str, tuple[int, str]]] = {
    "pages": (5, "正文最多几页；超过就少摘一些"),
    "rows": (15, "主要指标表最多几行"),
    "least_rows": (8, "主要指标不足几个时用其他指标补足"),
    "work": (800, "重点工作一共大约多少字"),
    "heading": (80, "重点工作每个标题下最多大约多少字"),
    "heading_length": (40, "重点工作的标题最多多少字，再长就只写前面的分句"),
    "moved": (3, "目标调高、调低的，每类最多写几项的数"),
    "ranks": (6, "位次表最多几行"),
    "heading_least": (45, "重点工作每个标题下最少留多少字"),
    "sentence_length": (110, "摘录的一句（连同分列的各项）最多多少字"),
    "told": (5, "要点里讲上年的几个指标"),
    "deeds": (330, "民生实事最多多少字"),
    "projects": (2, "重大项目最多几句"),
    "problems": (360, "存在问题最多多少字"),
    "point_length": (90, "要点里引的一句最多多少字"),
}
"""Numbers that may be set, each with what it is for. Lengths are in characters."""

_NEVER_NONE: Final = frozenset({"pages", "heading_length", "sentence_length", "point_length"})
"""The limits that leave nothing at 0; at others it says that the thing is not wanted."""

LIMITS: Final = Record(
    tuple(
        Key(name, Whole(int(name in _NEVER_NONE), 999_999), about, f"{about}。", str(number), str(number))
        for name, (number, about) in DEFAULT_LIMITS.items()
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
        Key("office", OFFICE, "编报单位", "期号、编报单位、落款和成文日期；没有就空着，空着的不写。", "", "都不写"),
        Key("properties", PROPERTIES, "文档属性", "Word 文档的主题、作者、关键词等属性。", "{subject: 要情}", "空"),
        Key(
            "styles",
            MapOf(ROLES, Text(60)),
            "样式",
            "各处文字用 briefing.docx 里的哪个样式，写样式的名称。",
            "{heading_1: heading 1}",
            required=True,
        ),
        Key("fonts", ListOf(_FONT, unique=False, lenient=True), "字体", "样式里的字体和没有装时的替代。", "", "不替代"),
        Key("words", WORDS, "用词", "句子里的固定用词。", "{flat: 与上年持平}", "照默认的写"),
        Key("lists", LISTS, "词表", "挑选指标和句子时看的词。", "{closings: [谢谢大家]}", "空"),
        Key(
            "sections",
            SECTIONS,
            "章节",
            "哪些章节规则的摘录作什么用，写规则 rules/sections 里的 id。",
            "{problems: [problems]}",
            "没有",
        ),
        Key("limits", LIMITS, "数目", "表最多几行、每节最多多少字等。", "{rows: 15}", "照默认的数"),
        Key("briefing", _OUTLINE, "要情", "每份报告一份的提纲和文字。", "", required=True),
        Key("summary", _OUTLINE, "汇总", "多份报告汇总一份的提纲和文字。", "", required=True),
    )
)
