"""Every key of the files of indicators and of sections."""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import (
    CUES,
    FORMAT_KEY,
    ID,
    LEVEL,
    LEVELS,
    MEASURES,
    NAME,
    NAMES,
    ONE_NAME_EACH,
    ONE_PATTERN,
    PARTS,
    PATTERN,
    REMARK,
    SENTENCE,
    TODO_KEY,
    UNIT,
)
from compiler.rules.shapes import Either, Flag, Interval, Key, ListOf, MapOf, OneOf, Record, Text, Whole

_ORDER_KEY: Final = Key(
    "order",
    Whole(0, 9999),
    "次序",
    "几个文件之间的先后，小的在前；不写的排在写了的后面，按文件名排。",
    "10",
    "排在后面",
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
            ListOf(Either(ONE_PATTERN, _ALIAS)),
            "别名",
            "报告里的其他叫法。〔甲|乙〕表示任选一个，〔甲|〕表示可有可无。只在某几级的报告里算、或者宽泛的叫法，"
            "写成 {name: 叫法, at: [国家]}、{name: 叫法, loose: true}。",
            "[苹果总产量, 〔全市|〕苹果产量]",
            "没有别名",
        ),
        Key("at", LEVELS, "哪一级", "这条规则只用于这几级的报告。", "[国家]", "各级", rare=True),
        Key("short", ONE_NAME_EACH, "简称", "只在与别的名称并列时才算数的简称。", "[苹果]", "没有", rare=True),
        Key(
            "objects", ONE_NAME_EACH, "对象", "要有 verbs 里的动词管着才算这个指标的对象。", "[果园]", "没有", rare=True
        ),
        Key("verbs", NAMES, "动词", "与 objects 配合：动词管着对象，数字才算数。", "[新建, 新增]", "没有", rare=True),
        Key("growth_names", ONE_NAME_EACH, "增速名", "后面的数字本身就是增速的叫法。", "[苹果增速]", "没有", rare=True),
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
            "名称碰到哪些词就不算，连同原因。over_years: sum 的指标，“累计”只排除一年的数，说几年的照样算几年合计。",
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
