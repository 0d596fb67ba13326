"""Every key of every kind of rule file, described once.

From this one description the loader knows what to check (:class:`compiler.rules.reader.Reader`), editors get
their JSON Schema and readers their tables of keys.
"""

from __future__ import annotations

from typing import Final

from compiler.model import Measure, Part
from compiler.rules.shapes import (
    Either,
    Figure,
    Flag,
    Interval,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
)

FORMAT: Final = 1
"""The number of the format that this program reads."""

# --- pieces ------------------------------------------------------------------------------------

ID: Final = Text(60, "id")
NAME: Final = Text(200, "name")
PATTERN: Final = Text(400, "name")
UNIT: Final = Text(20)
WORD: Final = Text(40, "name")
CUE: Final = Text(400)
SENTENCE: Final = Text(2000, "sentence")
REMARK: Final = Text(500, "sentence")
NAMES: Final = ListOf(PATTERN, longest_first=True)
CUES: Final = ListOf(CUE, longest_first=True)
LEVEL: Final = OneOf(tuple((level, f"{level}报告") for level in ("国家", "省级", "地级", "县级")))
LEVELS: Final = ListOf(LEVEL)
WORDS: Final = ListOf(Text(100, "name"), lenient=True)

MEASURES: Final = OneOf((("level", "绝对数"), ("growth", "增速"), ("change", "增减量")), Measure)
PARTS: Final = OneOf(
    (
        ("review", "回顾"),
        ("plan", "安排"),
        ("review_span", "多年回顾"),
        ("plan_span", "多年安排"),
        ("other", "其他"),
    ),
    Part,
)

FORMAT_KEY: Final = Key("format", Whole(0, 999), "格式号", "规则文件的格式号，照写 1。", "1", "1")
_ORDER_KEY: Final = Key(
    "order",
    Whole(0, 9999),
    "次序",
    "几个文件之间的先后，小的在前；不写的排在写了的后面，按文件名排。",
    "10",
    "排在后面",
)
TODO_KEY: Final = Key(
    "todo", REMARK, "待办", "这个例句眼下还做不到的原因；做到了，check 会提醒把它去掉。", "名称与数字隔着一个分句", "无"
)

_EXCLUDE: Final = Record(
    (
        Key("words", ListOf(PATTERN), "词", "碰到这些词，名称就不算数。", "[出口, 进口]", required=True),
        Key("because", REMARK, "原因", "为什么不算，写给以后看规则的人。", "另有单独的指标", required=True),
        Key(
            "where",
            OneOf((("touch", "紧挨着名称"), ("clause", "同一个逗号分句里"), ("sentence", "同一句里，到分号为止"))),
            "范围",
            "词要离名称多近才算碰到。",
            "clause",
            "touch",
        ),
        Key("at", LEVELS, "哪一级", "只在这几级的报告里排除。", "[国家]", "各级"),
    )
)

_PHRASE: Final = Record(
    (
        Key(
            "phrase",
            Text(120),
            "句式",
            "〔数〕代表数字，… 代表不超过 15 个字的间隔。",
            "果园比年初增加〔数〕",
            required=True,
        ),
        Key("measure", MEASURES, "口径", "这个句式里的数字是绝对数、增速还是增减量。", "change", "由程序看上下文"),
    )
)

_ALIAS: Final = Record(
    (
        Key("name", PATTERN, "叫法", "报告里的叫法，写法同 aliases。", "财政收入", required=True),
        Key("at", LEVELS, "哪一级", "这个叫法只在这几级的报告里算。", "[国家]", "各级"),
        Key(
            "loose",
            Flag(),
            "宽泛",
            "true 表示这个叫法宽泛：同一句里有这个指标的别的叫法带着数，就让给它。",
            "true",
            "false",
        ),
    )
)

_INDICATOR_EXAMPLE: Final = Record(
    (
        Key(
            "text",
            SENTENCE,
            "例句",
            "自己写的一句话，不要抄报告原文。",
            "全市苹果产量达到31.5万吨，增长4%。",
            required=True,
        ),
        Key("under", PARTS, "部分", "这句话放在报告的哪一部分。", "review", "review"),
        Key(
            "yields",
            ListOf(Text(80), unique=False),
            "应得",
            "这条规则应当得到的数，用规则的单位；一个也不该得到就写 []。写法：level = 812.5、growth ~ 6.5（约）、"
            "growth >= 7 stretch（力争）、level <= 3、growth 6..7（区间）、growth text 一段文字。",
            "[level = 31.5, growth = 4]",
            required=True,
        ),
        Key(
            "at",
            LEVEL,
            "级别",
            "这句话是哪一级的报告里的。",
            "县级",
            "看句子里的“我县”“全省”等，没有就是地级",
            rare=True,
        ),
        Key(
            "year",
            Whole(1950, 2100),
            "年度",
            "这句话是哪一年的报告里的；2026 年的报告回顾 2025 年、安排 2026 年。",
            "2026",
            "看句子开头的年份，没有就是 2017",
            rare=True,
        ),
        TODO_KEY,
    )
)

_SECTION_EXAMPLE: Final = Record(
    (
        Key("text", SENTENCE, "例句", "自己写的一句或几句话。", "我们也清醒地看到，基础还不牢固。", required=True),
        Key("under", PARTS, "部分", "这句话放在报告的哪一部分。", "review", "within 写的那一部分，没有就是 review"),
        Key("heading", Text(100), "标题", "例句上面的标题，试 headings 时写。", "存在的问题", "没有标题"),
        Key(
            "yields",
            Either(OneOf((("match", "应当摘到"),)), ListOf(Text(20))),
            "应得",
            "应当摘到写 match，不该摘到写 []。",
            "match",
            required=True,
        ),
        TODO_KEY,
    )
)

INDICATOR: Final = Record(
    (
        Key(
            "id",
            ID,
            "编号",
            "固定不变的编号，小写英文字母、数字和下划线；定了就不要改。",
            "apple_output",
            required=True,
        ),
        Key("name", NAME, "名称", "指标的名称，表格里就用它。", "苹果产量", required=True),
        Key("unit", UNIT, "单位", "结果用的单位；报告里同类的其他单位会自动换算。", "万吨", required=True),
        Key(
            "aliases",
            ListOf(Either(PATTERN, _ALIAS)),
            "别名",
            "报告里的其他叫法。〔甲|乙〕表示任选一个，〔甲|〕表示可有可无。只在某几级的报告里算、或者宽泛的叫法，"
            "写成 {name: 叫法, at: [国家]}、{name: 叫法, loose: true}。",
            "[苹果总产量, 〔全市|〕苹果产量]",
            "没有别名",
        ),
        Key("at", LEVELS, "哪一级", "这条规则只用于这几级的报告。", "[国家]", "各级", rare=True),
        Key("short", NAMES, "简称", "只在与别的名称并列时才算数的简称。", "[苹果]", "没有", rare=True),
        Key("objects", NAMES, "对象", "要有 verbs 里的动词管着才算这个指标的对象。", "[果园]", "没有", rare=True),
        Key("verbs", NAMES, "动词", "与 objects 配合：动词管着对象，数字才算数。", "[新建, 新增]", "没有", rare=True),
        Key("growth_names", NAMES, "增速名", "后面的数字本身就是增速的叫法。", "[苹果增速]", "没有", rare=True),
        Key(
            "phrases",
            ListOf(Either(Text(120), _PHRASE)),
            "句式",
            "数字不跟在名称后面时用：〔数〕代表数字，… 代表不超过 15 个字、不跨句的间隔。",
            "[〔数〕亩果园…投产]",
            "没有",
        ),
        Key(
            "direction",
            OneOf((("up", "越大越好"), ("down", "越小越好"), ("none", "无所谓"))),
            "方向",
            "数字大了好还是小了好，用来判断完成没有。",
            "up",
            "up",
        ),
        Key(
            "measures",
            ListOf(MEASURES),
            "口径",
            "取哪几种数：level 绝对数，growth 增速，change 增减量。",
            "[level, growth]",
            "[level, growth]",
        ),
        Key("other_units", ListOf(UNIT), "其他单位", "不能换算、照原样保留的另一类单位。", "[万筐]", "没有", rare=True),
        Key(
            "not_units",
            ListOf(UNIT),
            "不要的单位",
            "能换算、但数的是另一回事的单位：按个数的不要户数。",
            "[户]",
            "没有",
            rare=True,
        ),
        Key(
            "rise_is_level",
            Flag(),
            "涨幅即水平",
            "true 表示“上涨 2.1%”本身就是这个指标的数值（如价格涨幅）。",
            "true",
            "false",
            rare=True,
        ),
        Key(
            "held_is_bound",
            Flag(),
            "控制即上限",
            "true 表示“控制在 3%”就是不超过 3%，只对 direction: down 起作用。",
            "false",
            "true",
            rare=True,
        ),
        Key(
            "over_years",
            OneOf((("last", "最后一年的数"), ("sum", "几年的合计"))),
            "几年里的数",
            "几年的段落里说的绝对数是什么：last 最后一年的水平，sum 几年的合计。",
            "sum",
            "看前面的词（达到、累计）和名称（新增、改造）",
            rare=True,
        ),
        Key(
            "index_base",
            Whole(0, 1000),
            "指数基数",
            "报告写成以它为基数的指数时，减去它就是涨跌幅：居民消费价格指数103 是上涨 3%。",
            "100",
            "0（不是指数）",
            rare=True,
        ),
        Key(
            "ratio_part",
            Whole(0, 9),
            "比例第几项",
            "报告写成 16:49:35 这样的比例时，取第几项。",
            "3",
            "0（不取）",
            rare=True,
        ),
        Key(
            "kind_of_target",
            OneOf((("expected", "预期性"), ("binding", "约束性"))),
            "目标性质",
            "预期性指标还是约束性指标；报告和规则都没有说的，就空着。",
            "expected",
            "空",
        ),
        Key("headline", Flag(), "主要指标", "true 表示列在表格、图和摘要的最前面。", "true", "false", rare=True),
        Key("owner", Text(100), "责任单位", "填进任务清单的责任单位。", "市果业局", "空"),
        Key("note", REMARK, "说明", "口径等说明，只给人看。", "按鲜重计", "空"),
        Key(
            "exclude",
            ListOf(_EXCLUDE, unique=False),
            "排除",
            "名称碰到哪些词就不算，连同原因。",
            "[{words: [进口], because: 不是本地产的}]",
            "没有",
        ),
        Key(
            "sane",
            MapOf(MEASURES, Interval()),
            "合理范围",
            "数值的合理范围，超出的照样保留并列入待核。",
            "{level: 0.01..5000, growth: -60..100}",
            "不检查",
        ),
        Key(
            "examples",
            ListOf(_INDICATOR_EXAMPLE, unique=False),
            "例句",
            "至少一句能取到数的、一句不该取的；check 会逐句试。",
            "[{text: 全市苹果产量达到31.5万吨。, under: review, yields: [level = 31.5]}]",
            "没有（check 会提醒）",
        ),
    )
)

COMBINED: Final = Record(
    (
        Key("names", NAMES, "名称", "同时说几个指标的名称。", "[苹果和梨产量]", required=True),
        Key(
            "indicators",
            ListOf(ID),
            "指标",
            "依次指哪几个指标，写它们的 id。",
            "[apple_output, pear_output]",
            required=True,
        ),
        Key("whole", ID, "合计", "只有一个数时归哪个指标；不写就归每一个。", "fruit_output", "每一个"),
    )
)

INDICATORS_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key("theme", Text(20), "主题", "这个文件里的指标属于哪个主题，表格按它分组。", "果业", required=True),
        _ORDER_KEY,
        Key(
            "indicators",
            ListOf(INDICATOR, unique=False),
            "指标",
            "一条一条的指标规则。",
            "[{id: apple_output, name: 苹果产量, unit: 万吨}]",
            "没有",
        ),
        Key(
            "combined",
            ListOf(COMBINED, unique=False),
            "合说",
            "一个名称同时说几个指标时怎么分。",
            "[{names: [苹果和梨产量], indicators: [apple_output, pear_output]}]",
            "没有",
        ),
    )
)

SECTION: Final = Record(
    (
        Key("id", ID, "编号", "固定不变的编号，小写英文字母、数字和下划线。", "orchards", required=True),
        Key("name", NAME, "名称", "章节摘录的名称。", "果园建设", required=True),
        Key(
            "within",
            OneOf((("review", "只在回顾部分"), ("plan", "只在安排部分"), ("any", "都可以"))),
            "范围",
            "只在报告的哪一部分里找。",
            "plan",
            "any",
        ),
        Key("headings", CUES, "标题", "标题里有这些词，就摘标题下的各句。", "[果园建设]", "没有"),
        Key("openers", CUES, "起句", "有这些词的句子起，摘到段落结束或长度上限。", "[着力建设果园]", "没有"),
        Key("length", Interval(whole=True), "长度", "摘多少字：最少..最多，只收整句。", "60..1500", "1..100000"),
        Key(
            "if_missing",
            OneOf((("ignore", "不提"), ("warn", "提醒"))),
            "缺了怎么办",
            "报告里一句也没摘到时要不要提醒。",
            "warn",
            "ignore",
        ),
        Key("note", REMARK, "说明", "只给人看。", "各地叫法不一", "空"),
        Key(
            "examples",
            ListOf(_SECTION_EXAMPLE, unique=False),
            "例句",
            "至少一句该摘的、一句不该摘的；check 会逐句试。",
            "[{text: 着力建设果园。, yields: match}]",
            "没有（check 会提醒）",
        ),
    )
)

SECTIONS_FILE: Final = Record(
    (
        FORMAT_KEY,
        _ORDER_KEY,
        Key(
            "sections",
            ListOf(SECTION, unique=False),
            "章节",
            "一条一条的章节规则。",
            "[{id: orchards, name: 果园建设, headings: [果园]}]",
            required=True,
        ),
    )
)

# --- lexicon -----------------------------------------------------------------------------------

UNIT_ENTRY: Final = Record(
    (
        Key("name", UNIT, "单位名", "规则里用的单位名称。", "筐", required=True),
        Key("family", Text(20), "类别", "同一类的单位可以互相换算。", "计数", required=True),
        Key(
            "factor",
            Text(40),
            "倍数",
            "一个单位等于多少个基本单位，整数、小数或分数，不丢精度。",
            "10000/15",
            required=True,
        ),
        Key("words", ListOf(Text(20)), "写法", "报告里的各种写法。", "[筐, 大筐]", required=True),
        Key("decimals", Whole(0, 9), "小数位", "表格里最多显示几位小数。", "2", "2"),
    )
)

_HEDGE_SIDE: Final = Record(
    (
        Key("ge", ListOf(WORD, lenient=True), "至少", "数字是下限的词。", "", "没有"),
        Key("le", ListOf(WORD, lenient=True), "至多", "数字是上限的词。", "", "没有"),
        Key("approx", ListOf(WORD, lenient=True), "大约", "数字是大概数的词。", "", "没有"),
        Key("eq", ListOf(WORD, lenient=True), "正好", "数字就是准数的词。", "", "没有"),
    )
)


def _words(name: str, title: str, about: str) -> Key:
    return Key(name, WORDS, title, about, "", "空")


def _group(name: str, title: str, about: str, *keys: Key) -> Key:
    return Key(name, Record(keys, open=True), title, about, "", "空")


LEXICON_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key("version", Text(20), "版本", "这套规则的版本，印在每份成果里。", '"2026.1"', "空"),
        Key(
            "units",
            ListOf(UNIT_ENTRY, unique=False),
            "单位",
            "单位和换算；万、亿等由程序自动相乘。",
            "[{name: 筐, family: 计数, factor: 1, words: [筐]}]",
            required=True,
        ),
        Key(
            "hedges",
            Record(
                (
                    Key("before", _HEDGE_SIDE, "数字前", "写在数字前面的限定语。", "", "没有"),
                    Key("after", _HEDGE_SIDE, "数字后", "写在数字或单位后面的限定语。", "", "没有"),
                )
            ),
            "限定语",
            "改变数字含义的词：下限、上限、大概数。",
            required=True,
        ),
        _group(
            "number",
            "数字的写法",
            "哪些写法算数字，哪些不算。",
            _words("range_marks", "区间号", "区间两头之间的符号。"),
            _words("doubling", "翻一番", "表示增长一倍的说法。"),
            _words("doubling_twice", "翻两番", "表示增长三倍的说法。"),
            _words("flat", "不增不减", "表示没有变化的说法，数值为 0。"),
            _words("flat_approx", "大体不变", "表示大体没有变化的说法，数值约为 0。"),
            _words("names_with_digits", "带数字的名称", "本身带数字、不当数字读的名称。"),
            _words("name_suffixes", "名称后缀", "数字后面跟着这些字，是名称不是数量。"),
            _words("document_marks", "文号", "数字前面有这些字，是文件号。"),
            _words("ordinal_marks", "序数", "数字前面有这些字，是次序不是数量。"),
            _words("a_month", "每月", "单位后面的这些字，说的是每月的数。"),
            _words("yearly_units", "每人每年", "单位“/”后面是这些字，就按“/”前面的单位读：2680元/人·年。"),
            _words("per_head_units", "每人", "单位里斜线后面的这些字，人均的指标可以不写。"),
            _words("total_families", "总量的类别", "用这些单位的指标是总量，名称前面的生词说的是其中一部分。"),
            _words("rate_families", "率的类别", "与百分比并列时按同一串数字读的单位类别。"),
            _words("counting_families", "数个数的类别", "数家、户、个的单位类别。"),
            _words("before_noun_families", "名词前的类别", "数字可以写在名称前面的单位类别。"),
            _words("from_marks", "起点", "数字前面有这些字，是变化的起点，不是区间。"),
            _words("inside", "数中字", "写在数字和单位之间的字。"),
            _words("percent_units", "百分数", "表示百分之几的单位。"),
            _words("point_units", "百分点", "表示百分点的单位。"),
            _words("times_units", "倍数", "表示几倍的单位。"),
            _words("tenths", "成数", "表示十分之几的字。"),
            _words("not_tenths", "不是成数", "以成数的字开头、其实是另一个词。"),
            _words("year_words", "年", "数字后面有这些字，是年份。"),
            _words("month_words", "月", "数字后面有这些字，是月份。"),
            _words("day_words", "日", "数字后面有这些字，是日期。"),
            _words("per", "每", "斜线后面可以跟的字。"),
            _words("not_name_suffixes", "不是名称后缀", "开头像名称后缀、其实是另一个词。"),
            _words("unit_name_suffixes", "单位成名称", "单位后面跟着这些字，是名称不是数量。"),
            _words("not_ordinal", "不是序数", "末尾像序数的字、其实是另一个词。"),
            _words("of_last_year", "上年的几倍", "后面的倍数是与上年比：是上年的2.6倍，就是增长160%。"),
            _words("person_nouns", "数人的名称", "指标名称以这些字结尾，数“个”就是数人：就业岗位6.3万个。"),
            _words("not_hedges", "不是限定语", "末尾像限定语、其实是另一个词。"),
            _words("not_units", "不是单位", "开头像单位、其实是另一个词。"),
            _words("time_units", "时长", "中文数字后面有这些字，不是数量。"),
            _words("ordinal_units", "次序单位", "中文数字后面有这些字，多半是次序。"),
            _words("loose_units", "松散单位", "一个中文数字后面有这些字，多半是固定说法。"),
            _words("not_counted", "分条", "一个中文数字加单位后面有这些词，是分条不是数量。"),
            _words("threshold_units", "门槛单位", "只有量级、没有数时，这些单位多是门槛。"),
            _words("milestones", "关口", "数量后面有这些字，仍然是数量。"),
            _words("reaches", "达到", "前面有这些字，只有量级的也算数量。"),
            _words("idioms", "固定说法", "含有数字的固定说法，不是数量。"),
        ),
        _group(
            "direction",
            "升降",
            "表示增减的词，数字随之成为增速或增减量。",
            _words("up", "升", "表示增加的词。"),
            _words("down", "降", "表示减少的词，增速记为负数。"),
            _words("more", "多、少", "升降的词以这些字结尾，和数字之间可以有一个动词：比上年多引进4000万元。"),
            _words("nouns", "增长的名词", "后面跟“达到”也还是增长的名词。"),
            _words("better", "变好", "表示变好的词，升降看指标的方向。"),
            _words("worse", "变差", "表示变差的词，升降看指标的方向。"),
            _words("to", "到", "跟在升降词后面，表示后面是水平而不是增速。"),
        ),
        _group(
            "glue",
            "隔字",
            "名称与数字之间可以隔着、不改变意思的字。",
            _words("verbs", "动词", "名称与数字之间的动词。"),
            _words("adverbs", "状语", "名称与数字之间的状语。"),
            _words("suffixes", "名称尾巴", "可以跟在名称后面的字。"),
            _words("modifiers", "修饰语", "可以写在名称前面的修饰语。"),
            _words("circumstances", "原因", "名称后面说原因的开头字，数字在后一句。"),
            _words("held", "控制", "表示把数字控制在某一水平的说法。"),
            _words("name_openers", "名称前的字", "总量指标的名称前面有这些生词，仍是总量；别的生词说的是其中一部分。"),
            _words("prepositions", "介词", "引出对象、可以隔在中间的词。"),
            _words("from", "起点", "数字前面有这些字，是原来的数，不取。"),
        ),
        _group(
            "list",
            "并列与分配",
            "几个名称、几个数字怎么对应。",
            _words("joins", "连接", "连接并列名称的字和标点。"),
            _words("respectively", "依次分配", "后面的数字依次分给前面的名称。"),
            _words("each", "每个都是", "后面的数字每个名称都有。"),
            _words("sums", "合计", "并列的名称后面有这些词，数字是几样的合计。"),
            _words("among", "其中", "后面是前一个名称的一部分。"),
            _words("former", "前者", "说的是前面两个数里的头一个：分别为甲、乙，前者增长7%。"),
            _words("latter", "后者", "说的是前面两个数里的后一个。"),
            _words("back", "指前面的话", "指前面几个数的话，前面还有一个数字：三项指标分别增长。"),
            _words("rhythms", "每月每年", "并列的数各带这些词，仍是一串数：每人每月680元、每人每年6200元。"),
        ),
        _group(
            "tier",
            "档次",
            "目标的档次。",
            _words("stretch", "争取目标", "后面的目标是争取达到的一档。"),
            _words("stretch_open", "不带数的争取", "不带数字的争取目标。"),
            _words("base", "保底目标", "后面的目标是要保证的一档。"),
        ),
        _group(
            "words_target",
            "文字目标",
            "不写数字的目标。",
            _words("starts", "开头", "文字目标的开头；… 代表一段短文字。"),
            _words("weak", "只说走向", "只说走向、没有比照的写法，跟在“促进”一类词后面不是目标。"),
            _words("purposes", "目的", "名称前面有这些词，走向只是目的。"),
            _words("not_before", "不是目标的结尾", "以这些字结尾，说的是做什么，不是目标：同步推进。"),
            _words("not_after", "不是目标的开头", "分句以这些字开头，说的是条件或原因。"),
            _words("told", "说已有的事", "名称和文字目标之间有这些字，说的是已有的事。"),
            _words("level_with", "与谁持平", "与这些持平是文字目标，不是零增长。"),
            _words("measures", "可以比的", "“的”后面是这些字，还是目标：高于全省的平均水平。"),
        ),
        _group(
            "remark",
            "插入的说明",
            "插在名称和数字之间、读数时跳过的说明。",
            _words("starts", "开头", "说明的开头。"),
            _words("ends", "结尾", "说明的结尾。"),
            _words("aside", "剔除的开头", "剔除减税降费因素：后面的数另有口径，里面的名称不算。"),
            _words("aside_ends", "剔除的结尾", "剔除…因素：结尾的字。"),
            _words("around", "背景开头", "里面可以有数字的背景的开头。"),
            _words("around_ends", "背景结尾", "里面可以有数字的背景的结尾：在煤价下降9%的背景下。"),
        ),
        Key("status_note", WORDS, "数据性质", "说明数据性质的词，记在数据性质一栏。", "", "空"),
        _group(
            "guard",
            "把关",
            "遇到这些词，数字不作为本地区、本年度的数。",
            _words("scope_below", "下级范围", "说的是下级地区、园区、企业。"),
            _words("scope_body", "单位和企业", "说的是某个单位、企业，只管到分号为止。"),
            _words("place_suffixes", "地名结尾", "以这些字结尾、又不是本地区的名称，是下级地区。"),
            _words("zone_suffixes", "园区结尾", "分句开头的生词里有以这些字结尾的园区，后面说的是园区。"),
            _words("lone_zones", "单独的园区", "句子以它开头、说完它怎么样，后面动词带的数是它的。"),
            _words("counted_places", "成批的地方", "“74个重点城市”这样的说法，结尾是这些词。"),
            _words("each_of", "每一个", "下级地区后面有这些字，说的是每一个地方，只管到分号。"),
            _words("counters", "地方的量词", "数地方用的量词。"),
            _words("not_places", "不是地名", "以地名的字结尾、其实是另一个词。"),
            _words("scope_above", "上级范围", "说的是上级地区。"),
            Key(
                "scope_own",
                Record(
                    tuple(
                        _words(level, level, f"{level}报告里指本地区的说法。")
                        for level in ("国家", "省级", "地级", "县级")
                    ),
                    open=True,
                ),
                "本级范围",
                "各级报告里指本地区的说法。",
                "",
                "空",
            ),
            Key(
                "scope_level",
                Record(
                    tuple(
                        _words(level, level, f"{level}报告里，这些级别字说的就是本级。")
                        for level in ("国家", "省级", "地级", "县级")
                    ),
                    open=True,
                ),
                "本级的级别字",
                "县级、县域、本级这类字，在哪一级的报告里说的就是本地区。",
                "",
                "空",
            ),
            _words("port_words", "港", "指标名称以这些字开头、前面是别的地名，说的只是一个港：北部湾港货物吞吐量。"),
            _words("site_suffixes", "景区村港", "以这些字结尾的地方，后面紧跟指标，说的是它自己的数。"),
            _words("not_sites", "不是一个地方", "以这些字结尾的，说的不是一个景区、一个村。"),
            _words("events", "节会", "以这些字结尾的节会，后面的数是它自己的，不是全年的。"),
            _words("event_deeds", "节会做成的事", "节会后面隔着逗号，以这些字开头的数才是它的。"),
            _words("event_verbs", "办节会", "前面有这些字，说的是本地办节会，后面的数仍是本地的。"),
            _words("county_units", "县的通名", "县一级地名的末字；“全市”在县的报告里说的是上面的市。"),
            _words("no_predicate", "不成句的字", "下级地区后面紧跟这些字，不是说它怎么样。"),
            _words(
                "firms", "一家企业", "前面是一家企业的名字时，它的数一直管到分号：某某公司实现产值3亿元，出口增长9%。"
            ),
            _words("not_firms", "不是一家", "企业、公司前面是这些字，说的是一类企业，不是哪一家。"),
            _words("present", "眼下", "工作安排里有这些字，说的是现在的情况，不是目标。"),
            _words("holidays", "假期", "period_short 里说假期的词：只管旅游一类的数。"),
            _words("holiday_names", "假期的指标", "名称里有这些字的，跟在假期的数后面也是假期的。"),
            _words("visiting", "来", "来凤游客：后面是本地的简称，说的就是本地的游客。"),
            _words("caused", "带动", "后面的数是别的事带动起来的，只是一部分。"),
            _words("standard", "标准", "数字后面有这些字，是一条标准，不是指标的数。"),
            _words("threshold_of", "门槛", "数字后面是这些对象，数字只是划线的门槛：超8亿元的县。"),
            _words("quoted_target", "引用目标", "数字后面有这些话，引的是目标；… 代表一小段文字。"),
            _words("period_short", "不足一年", "说的是月、季度等不足一年的时段。"),
            _words("period_long", "超过一年", "说的是几年合计或几年以后。"),
            _words("period_reset", "回到当年", "遇到这些词，时段回到报告当年。"),
            _words("average", "年平均", "说的是几年的平均数。"),
            _words("estimates", "估计", "说是估计的词，一直管到分号，在句首就管整句。"),
            _words("every_year", "每年", "名称前面有这些词，说的是每年的平常数：每年接待游客3000万人次。"),
            _words("of", "其中的", "名称与数字之间只有这个词，说的是指标的一部分。"),
            _words("per_head", "人均", "这个词只接着说名称里有它的指标。"),
            _words("capacity", "能力", "说的是设计能力或以后的事。"),
            _words("totals", "总量", "新增数后面有这些词，说的是存量。"),
            _words("noun_endings", "名词结尾", "以这些字结尾的生词，说的是新的事，不承接前面的指标。"),
            _words("not_adverbs", "不是状语", "名称后面的生词以这些字结尾，不是“稳健增长”的“稳健”一类。"),
            _words("cumulative", "累计", "说几年的段落里，有这些字的数不是当年的。"),
            _words("added", "新增", "名称前面有这些词，说的是新增的部分。"),
            _words("comparison", "比较", "把本地与别处、目标作比较的词。"),
            _words("gap", "差距", "后面的数是与别处的差距，不是指标自己的数。"),
            _words("compared_with", "比较对象", "比较的对象。"),
            _words("rank", "位次", "说的是名次。"),
            _words("part_prefix", "部分", "名称前面有这些词，说的只是一部分。"),
            _words("kinds", "一类", "名称前面的生词以这些字结尾，说的是其中一类：养老托育类经营主体。"),
            _words("share", "份额", "说的是所占份额。"),
            _words("told_target", "说到的目标", "这些话开头的分句说的是上年定的目标：年初确定的棚改8000套。"),
            _words("bracket_target", "括号里的目标", "括号里有这些字，数字是目标，不是实绩。"),
            _words("standard_names", "标准类指标", "名称以这些字结尾的指标，本身就是标准。"),
            _words("old_target", "上年目标", "说的是上年定的目标。"),
            _words("achieved_in_plan", "安排里的实绩", "安排部分里提到的已完成的数。"),
            _words("plan_in_review", "回顾里的打算", "回顾部分里提到的打算。"),
        ),
        _group(
            "rank",
            "位次",
            "数字旁边说的位次：居全省第2位。",
            _words("starts", "开头", "位次的开头。"),
            _words("ends", "结尾", "没有数字的位次的结尾。"),
            _words("counters", "量词", "第几后面的字。"),
            _words("scopes", "范围", "位次开头前面可以有的范围：全省排名第一。"),
            _words("between", "中间", "数字和位次之间只能有这些词和逗号、顿号；有别的词，位次就不是它的。"),
        ),
        _group(
            "period",
            "年份前后的字",
            "年份是比较的基期、起点还是期限；几年里的数是合计还是期末数。",
            _words("base_before", "基期前的字", "年份前面有这些字，是比较的基期。"),
            _words("base_after", "基期后的字", "年份后面有这些字，是比较的基期。"),
            _words("base_topic", "相比", "基期后面有这些字，后面几个分句都与它比：同2010年相比，…。"),
            _words("plan_ends", "规划期的尾字", "比“十二五”末：规划名称后面可以有的字。"),
            _words("since", "以来", "年份后面有这些字，说的是那年以后的几年。"),
            _words("superlatives", "最", "“1994年以来最高”是比较，不是一段时期。"),
            _words("until", "到", "年份前面有这些字，是期限。"),
            _words("span_tails", "几年后面的字", "几年和逗号之间的字：用三年左右时间，…。"),
            _words("within", "在", "“在去年基础上”一类说法开头的字。"),
            _words("year_ends", "年末", "以这些字开头的句子说的是某一天的水平，后面各句不因此都算这一年。"),
            _words("summing", "合计", "几年里的数，前面有这些字是几年的合计。"),
            _words("sum_names", "合计的名称", "几年里的数，名称里有这些字是几年的合计。"),
            _words("reaching", "期末", "几年里的数，前面有这些字是最后一年的水平。"),
        ),
        _group(
            "completion",
            "自述完成情况",
            "报告自己说目标完成得怎么样。",
            _words("share_of_plan", "完成比例", "后面的百分数是完成计划的比例。"),
            _words("below_target", "低于目标", "后面的数是低于目标多少。"),
            _words("above_target", "高于目标", "后面的数是高于目标多少。"),
            _words("missed", "没有完成", "说明没有完成目标。"),
        ),
        _group(
            "part",
            "回顾与安排",
            "哪些话在回顾、哪些在安排。",
            _words("review_headings", "回顾的标题", "回顾上年工作的标题。"),
            _words("plan_headings", "安排的标题", "安排今年工作的标题。"),
            _words("span_review_headings", "多年回顾的标题", "回顾几年工作的标题；N 代表年数。"),
            _words("span_plan_headings", "多年安排的标题", "安排几年工作的标题；N 代表年数。"),
            _words("review_cues", "回顾的话", "没有标题时，说明在回顾的话。"),
            _words("plan_cues", "安排的话", "没有标题时，说明在安排的话。"),
            _words("coming_year", "新的一年", "指报告当年的说法。"),
            _words("target_cues", "目标的话", "引出目标的话。"),
            _words("annexes", "附件", "正文收尾以后，以这些字开头的是附件。"),
            _words("annex_plans", "附件里的打算", "附件的题目里有这些字，说的是今年要做的事。"),
            _words("explains", "解释", "名词解释里冒号后面的字：指……、即……。"),
            _words("problem_cues", "问题的话", "引出困难和问题的话。"),
            _words("span_review_cues", "多年回顾的话", "段首有这些话，在说过去几年；N 代表年数。"),
            _words("span_plan_cues", "多年安排的话", "段首有这些话，在说今后几年；N 代表年数。"),
            _words("span_since_cues", "某时以来", "段首有这些话，在说过去几年，但没说几年。"),
            _words("ahead_verbs", "要做的", "回顾里的报告年份后面跟着这些字，转而说安排：2021年要力争增长6%。"),
            _words(
                "last_of_term", "任期末年", "句首的这些话后面说出年份，转而说那一年：任期的最后一年，也就是2016年。"
            ),
            _words("plan_name_after", "规划名称之后", "“十四五”后面跟着这些字，说的是那几年。"),
            _words("plan_name_since", "规划开始以来", "“十四五”后面跟着这些字，说的是从那时到现在。"),
            _words("plan_name_turns", "规划那几年", "句首的“十四五”后面跟着这些字，转而说那几年。"),
            _words("turn_leads", "引出时间的话", "句首的这些字后面是时间：回首2020年。"),
            _words("plan_name_slogans", "规划名称的口号", "“十四五”后面有这些字，只是口号，不是在说那几年。"),
            _words("last_year_cues", "上年的话", "段首有这些话，在说上一年。"),
            _words("span_review_sentences", "多年回顾的句尾", "句子以这些话收尾，在说过去几年；N 代表年数。"),
            _words("not_a_year_after", "不是整年", "去年、2016年后面跟着这些字，说的不是一整年。"),
            _words("coming_year_verbs", "今年怎样", "今年后面紧跟着这些字，安排就开始了。"),
            _words("counters", "章节", "章节的叫法：第一部分的“部分”。"),
            _words("plan_words", "安排开始的话", "段首有这些话又提到今年，安排就开始了。"),
            _words("other_headings", "附录标题", "附在报告后面、不属于正文的部分的标题。"),
        ),
        _group(
            "report",
            "报告本身",
            "认出一份报告：标题、会议、称呼。",
            _words("titles", "标题", "报告标题里的字。"),
            _words("meetings", "会议", "会议名称里的字。"),
            _words("salutations", "称呼", "正文开头的称呼。"),
            _words("openings", "开场白", "开头的套话。"),
            _words("on_behalf", "代表", "代表谁作报告。"),
            _words("governments", "政府", "政府、行署一类机关的名称。"),
            _words("place_endings", "地名末尾", "地名末尾的字。"),
            _words("own_words", "本地", "和地名末尾的字连起来，称呼本地：全县。"),
            _words("speakers", "报告人", "报告人的职务。"),
            _words("closings", "结束语", "结尾的套话。"),
            _words("nation", "国家", "说明是国家一级报告的字。"),
        ),
        _group(
            "table",
            "指标表",
            "报告里的指标表怎么读：表头里的字。",
            _words("names", "指标列", "这一列是指标名称。"),
            _words("units", "单位列", "这一列是单位。"),
            _words("results", "实绩列", "这一列是完成数。"),
            _words("targets", "目标列", "这一列是目标数。"),
            _words("growth", "增速列", "这一列是增长速度。"),
            _words("falls", "下降", "负的增速怎么说。"),
            _words("last_year", "上年", "表头里指上一年的字。"),
            _words("this_year", "当年", "表头里指当年的字。"),
            _words("not_values", "不是数值的列", "表头里有这些字的列不读。"),
            _words("among", "其中", "行首的这些字不算指标名称。"),
        ),
        _group(
            "page",
            "网页留下的东西",
            "从网站上抄下来的报告，开头结尾常带着菜单、按钮和链接。",
            _words("buttons", "按钮", "一行里只有这些字的，不是正文。"),
            _words("labels", "栏目", "一行以这些字开头、后面是冒号的，不是正文。"),
            _words("tails", "结尾", "正文结束以后出现这些字，后面都不是正文。"),
            _words("summaries", "内容摘要", "正文之前这样开头的是网页的摘要。"),
            _words("captions", "图片说明的结尾", "以这些字结尾、又有 captioned 里的字，是图片说明。"),
            _words("captioned", "图片说明里的字", "图片说明里的字。"),
        ),
        _group(
            "measured",
            "未认领的数字量什么",
            "没有规则认领的数字量的是什么：从分句里认出完整的名称，供“未覆盖数字”和 suggest 用。",
            _words("openers", "开头", "分句开头可以有、不算名称的话。"),
            _words("acts", "做了什么", "留在名称里的动词：新建示范园、关停造纸企业。"),
            _words("makes", "做出东西", "做出东西的动词，名称写成产量：生产原油，就是原油产量。"),
            _words("made", "产量", "做出的东西的名称末尾。"),
            _words("not_units", "不是指标的单位", "数这些的不是指标：第几届、几轮。"),
            _words("does", "做成", "不算名称的动词：完成生态补水。"),
            _words("links", "引出数字", "名称和数字之间可以有的话，加上 glue 和 direction 里的词。"),
            _words("not_links", "不是引出", "看着像引出数字的话、其实是名称的末尾。"),
            _words("heads", "空泛的名词", "由这些词拼成的名称看不出量的是什么，不要。"),
            _words("attributes", "空泛的定语", "加在空泛的名词前面，还是看不出量的是什么。"),
            _words("newly", "新", "和后面的动词连成一个：新采购公交车。"),
            _words("turns", "名称后的动词", "可以放在名称和数字之间的动词：示范园建成12个。"),
            _words("verbal", "作定语的动词", "也能作名称里的定语的动词：种植面积。"),
            _words("never", "不在名称里", "名称里不会有的词。"),
            _words("not_ends", "不是末尾", "名称不以这些字结尾：20个示范村目标。"),
            _words("invested", "一件东西的投资", "后面跟着“的”，说的是后面那件东西的：总投资2亿元的示范园。"),
            _words("lasting", "连续", "后面是几年，不算名称：连续5年保持98%。"),
            _words("counters", "数人的单位", "也可以写在名称前面：选派30名特派员。"),
            _words("particles", "助词", "动词后面可以有的字。"),
            _words("within", "名称里的字", "认词的程序当作数量、其实可以在名称里的字：月人均补差。"),
            _words("terms", "合成词", "在名称里当一个词看，不拆开。"),
            _words("ratios", "比率", "说比率的名称以这些字结尾。"),
        ),
        _group(
            "document",
            "别的文件",
            "不是政府工作报告的文件怎么认：标题里的字。",
            _words("bulletins", "统计公报", "标题里有这些字的是统计公报。"),
            _words("budgets", "预算报告", "标题里有这些字的是预算报告。"),
            _words("plans", "计划报告", "标题里有这些字的是计划报告。"),
            _words("digests", "解读", "标题里有这些字的是解读。"),
            _words("news", "新闻", "没有“各位代表”、又有两个以上这些字的是新闻。"),
        ),
    ),
    open=True,
)

# --- ledger ---


def _wording(name: str, about: str, *slots: str) -> Key:
    shape = Text(200, "wording", slots=slots)
    filled = f"可以用 {'、'.join('{' + slot + '}' for slot in slots)}。" if slots else ""
    return Key(name, shape, about, f"{about}时的写法。{filled}", "", "自带的写法")


_DIFFERENCE: Final = ("number", "unit")

_WORDINGS: Final = (
    _wording("status.exceeded", "状态：超过目标"),
    _wording("status.met", "状态：达到目标"),
    _wording("status.within", "状态：落在目标区间里"),
    _wording("status.about", "状态：在容差以内"),
    _wording("status.missed", "状态：没有达到目标"),
    _wording("status.missed_own", "状态：报告自己说没有完成"),
    _wording("status.no_target", "状态：没有上年报告里的目标"),
    _wording("status.no_result", "状态：没有下年报告里的实绩"),
    _wording("status.not_found", "状态：下年报告里没有找到实绩"),
    _wording("status.words", "状态：目标只有文字"),
    _wording("status.other_measure", "状态：目标和实绩口径不同"),
    _wording("status.not_judged", "状态：按规则不判定"),
    _wording("totals.met", "判定和完成的项数、完成率", "judged", "met", "share"),
    _wording("shown.eq", "准数", "low", "high"),
    _wording("shown.ge", "下限", "low", "high"),
    _wording("shown.le", "上限", "low", "high"),
    _wording("shown.approx", "大概数", "low", "high"),
    _wording("shown.range", "区间", "low", "high"),
    _wording("shown.rise", "率提高", *_DIFFERENCE),
    _wording("shown.fall", "率降低", *_DIFFERENCE),
    _wording("shown.more", "量增加", *_DIFFERENCE),
    _wording("shown.less", "量减少", *_DIFFERENCE),
    _wording("shown.more_since", "比年初增加", *_DIFFERENCE),
    _wording("shown.less_since", "比年初减少", *_DIFFERENCE),
    _wording("compared.percent", "完成目标的百分比", *_DIFFERENCE),
    _wording("compared.above", "高于目标", *_DIFFERENCE),
    _wording("compared.below", "低于目标", *_DIFFERENCE),
    _wording("compared.equal", "等于目标", *_DIFFERENCE),
    _wording("compared.near", "与目标相差在容差以内", *_DIFFERENCE),
    _wording("compared.within", "落在目标区间里", *_DIFFERENCE),
    _wording("compared.above_range", "高于目标区间", *_DIFFERENCE),
    _wording("compared.below_range", "低于目标区间", *_DIFFERENCE),
    _wording("compared.under_control", "低于控制目标", *_DIFFERENCE),
    _wording("compared.over_control", "高于控制目标", *_DIFFERENCE),
    _wording("compared.at_control", "等于控制目标", *_DIFFERENCE),
    _wording("compared.fall_more", "降幅大于目标", *_DIFFERENCE),
    _wording("compared.fall_less", "降幅小于目标", *_DIFFERENCE),
    _wording("compared.faster", "快于参照的指标", *_DIFFERENCE, "reference"),
    _wording("compared.slower", "慢于参照的指标", *_DIFFERENCE, "reference"),
    _wording("compared.same_speed", "与参照的指标一样快", *_DIFFERENCE, "reference"),
    _wording("compared.other_measure", "一个是总量、一个是增速", *_DIFFERENCE),
    _wording("compared.unlike", "口径不同、不比"),
    _wording("compared.bound", "实绩是上下限、不计差距", "result"),
    _wording("compared.unclear", "实绩是大概数、不能判定", "result"),
    _wording("compared.stretch_met", "达到争取目标"),
    _wording("compared.stretch_missed", "没有达到争取目标"),
    _wording("step.faster", "本年目标增速高于上年实绩", *_DIFFERENCE),
    _wording("step.slower", "本年目标增速低于上年实绩", *_DIFFERENCE),
    _wording("step.same", "本年目标等于上年实绩", *_DIFFERENCE),
    _wording("step.more", "本年任务多于上年实绩", *_DIFFERENCE),
    _wording("step.less", "本年任务少于上年实绩", *_DIFFERENCE),
    _wording("step.rate_up", "本年的率高于上年实绩", *_DIFFERENCE),
    _wording("step.rate_down", "本年的率低于上年实绩", *_DIFFERENCE),
    _wording("step.control_above", "控制目标高于上年实绩", *_DIFFERENCE),
    _wording("step.control_below", "控制目标低于上年实绩", *_DIFFERENCE),
    _wording("step.fall_more", "本年降幅目标大于上年", *_DIFFERENCE),
    _wording("step.fall_less", "本年降幅目标小于上年", *_DIFFERENCE),
    _wording("remark.printed", "备注：报告里的叫法", "name"),
    _wording("remark.two_names", "备注：目标和实绩叫法不同", "target", "result"),
    _wording("remark.no_target_report", "备注：缺上年报告", "year"),
    _wording("remark.no_target_stated", "备注：上年报告没有提目标", "year"),
    _wording("remark.no_result_report", "备注：缺下年报告", "year"),
    _wording("remark.no_result_stated", "备注：下年报告没有报实绩", "year"),
    _wording("remark.own_target", "备注：目标来自报告自述", "year"),
    _wording("remark.own_words", "备注：报告自述的原话", "quote"),
    _wording("remark.own_percent", "备注：报告自述的原话里有几个百分数时", "percent", "quote"),
    _wording("remark.later_result", "备注：实绩来自以后的报告", "year"),
    _wording("remark.restated", "备注：以后的报告改了数", "year", "value", "quote"),
    _wording("remark.also", "备注：另有一个数", "value", "quote"),
    _wording("remark.other_target", "备注：目标另有一个数", "value"),
    _wording("reason.unit", "原因：单位不同", "one", "other"),
    _wording("reason.name", "原因：名称的范围不同", "one", "other"),
    _wording("reason.measure", "原因：一个是总量、一个是增速"),
    _wording("reason.bound", "原因：实绩是上下限", "result"),
    _wording("reason.basis", "原因：目标写了口径、实绩没有写", "basis"),
    _wording("reason.doubt", "原因：数字存疑"),
    _wording("estimate.level", "测算的总量与目标相比", "value", "unit", "aim", "number"),
    _wording("remark.separator", "几条备注之间的标点"),
    _wording("nature.expected", "预期性指标"),
    _wording("nature.binding", "约束性指标"),
    _wording("estimate", "由增速推算的数"),
    _wording("told.growth", "增速写成话", "value"),
    _wording("told.decline", "降幅写成话", "value"),
)

CHECK: Final = Record(
    (
        Key(
            "kind",
            OneOf(
                (
                    ("sum", "分项之和等于总数"),
                    ("part", "分项不大于总数"),
                    ("above", "总数高于各分项"),
                    ("share", "分项不超过总数的百分之几"),
                )
            ),
            "关系",
            "几个数之间应当有的关系。",
            "sum",
            required=True,
        ),
        Key("whole", ID, "总数", "总数是哪个指标，写它的 id。", "fruit_output", required=True),
        Key("parts", ListOf(ID), "分项", "分项是哪些指标，写它们的 id。", "[apple_output, pear_output]", required=True),
        Key("tolerance", Figure(), "容差", "允许相差总数的百分之几；share：分项至多占总数的百分之几。", "1", "0"),
    )
)

LEDGER_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key(
            "tolerance",
            Record(
                (
                    Key("rate", Figure(), "率的容差", "目标是大概数时，率可以差几个百分点。", "0.2", "0.2"),
                    Key("amount_percent", Figure(), "量的容差", "目标是大概数时，绝对数可以差百分之几。", "2", "2"),
                )
            ),
            "容差",
            "目标是大概数时，差多少还算基本达到。",
            "{rate: 0.2, amount_percent: 2}",
            "{rate: 0.2, amount_percent: 2}",
        ),
        Key(
            "judged_prices",
            Flag(),
            "价格是否判定",
            "true 表示价格涨幅的大概数目标也判定完成没有，false 只报差距。",
            "false",
            "false",
        ),
        Key("words", Record(_WORDINGS, open=True), "措辞", "状态、差距、备注在表里怎么写。", "", "缺的用自带的"),
        Key(
            "lists",
            Record(
                (
                    Key(
                        "rate_units",
                        WORDS,
                        "率的单位",
                        "左边是单位，右边是差距的单位，中间用等号。",
                        '["‰=个千分点"]',
                        "空",
                    ),
                    _words("relative.same", "同步", "文字目标：与参照的指标一样快。"),
                    _words("relative.above", "高于", "文字目标：比参照的指标快。"),
                    _words("relative.not_below", "不低于", "文字目标：不比参照的指标慢。"),
                    _words("relative.below", "低于", "文字目标：比参照的指标慢。"),
                    _words("relative.not_above", "不高于", "文字目标：不比参照的指标快。"),
                    _words("scopes", "范围不同", "有这些字的不与没有的比；| 隔开的算一个意思。"),
                    _words("count_families", "数个数的单位", "这几类单位的数当年多少不齐，比上年少不提示。"),
                    _words("since_start", "与年初比", "有这些字，增减量是与年初比。"),
                    _words("bases", "另有口径", "目标按这些口径、上年实绩没有写的，不比。"),
                    _words("relative.outside", "别处的数", "出现这些字，比的是别处的数，本报告核不了。"),
                ),
                open=True,
            ),
            "词表",
            "判定文字目标用的词。",
            "",
            "空",
        ),
        Key(
            "limits",
            Record(
                (
                    Key("sum_percent", Figure(), "合计差", "分项之和与总数相差超过百分之几就提示。", "1", "1"),
                    Key("growth_points", Figure(), "增速差", "推算的增速与报告的增速相差几个百分点就提示。", "8", "8"),
                    Key("jump_low", Figure(), "跳变", "两年数相差这么多倍以上就存疑。", "10", "10"),
                    Key(
                        "jump_counts", Figure(), "个数跳变", "个数、长度、面积相差这么多倍以上就存疑。", "1000", "1000"
                    ),
                    Key("target_points", Figure(), "率离目标", "率与目标相差几个百分点以上就存疑。", "30", "30"),
                    Key("target_times", Figure(), "量离目标", "绝对数与目标相差几倍以上就存疑。", "3", "3"),
                    Key("target_times_counts", Figure(), "个数离目标", "个数与目标相差几倍以上就存疑。", "10", "10"),
                    Key("estimate_percent", Figure(), "测算", "测算与目标相差百分之几以上就不列。", "15", "15"),
                    Key("growth_leap", Figure(), "增速过大", "一年增长百分之多少以上就存疑。", "100", "100"),
                    Key(
                        "lower_target_percent", Figure(), "目标偏低", "目标比上年实绩低百分之几以上就提示。", "20", "20"
                    ),
                    Key("same_digits", Figure(), "位数", "两地数字相同，有效数字不少于几位才提示。", "4", "4"),
                ),
                open=True,
            ),
            "界限",
            "核对几个数时用的界限。",
            "{sum_percent: 1}",
            "见各项",
        ),
        Key(
            "checks",
            ListOf(CHECK, unique=False),
            "核对",
            "哪些指标之间应当有什么关系。",
            "[{kind: sum, whole: fruit_output, parts: [apple_output, pear_output]}]",
            "没有",
        ),
    )
)


def is_known(record: Record, *path: str) -> bool:
    """Tell whether the mapping at ``path[:-1]`` of a file of this shape has a described key ``path[-1]``."""
    shape: Shape = record
    for name in path:
        key = shape.key(name) if isinstance(shape, Record) else None
        if key is None:
            return False
        shape = key.shape
    return True


LONG_TEXT: Final = Text(2_000)


EXPRESSION: Final = Text(4_000, "code")


ALIGN: Final = OneOf((("left", "靠左"), ("center", "居中"), ("right", "靠右")))


IN_TEXT: Final = "{{ }} 里写值的名字。"


TEMPLATE_FORMAT: Final = Key("format", Whole(0, 999), "格式号", "模板文件的格式号，照写 1。", "1", "1")
