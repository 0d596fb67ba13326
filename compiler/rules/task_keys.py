"""The keys of ``tasks.yaml`` (what counts as a task) and ``offices.yaml`` (who is in charge of what)."""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import FORMAT_KEY, LEVELS, SENTENCE, TODO_KEY, WORDS
from compiler.rules.shapes import Flag, Key, ListOf, Record, Text, Whole


def _words(name: str, title: str, about: str) -> Key:
    return Key(name, WORDS, title, about, "", "空")


TASK_EXAMPLE: Final = Record(
    (
        Key(
            "text",
            SENTENCE,
            "例句",
            "自己写的一句或几句话，放在一段里。",
            "新建农村公路120公里，6月底前开工。",
            required=True,
        ),
        Key("heading", Text(100), "标题", "例句上面的标题。", "加强政府自身建设", "一个普通的标题"),
        Key(
            "tasks",
            ListOf(SENTENCE, unique=False),
            "应得的任务",
            "按先后写出应当成为任务的各句，原样；一条也不该有就写 []。",
            "[新建农村公路120公里，6月底前开工。]",
            required=True,
        ),
        Key("quantified", Flag(), "量化", "第一条任务有没有量化指标。", "true", "不检验"),
        Key("deadline", Text(60), "时限", "第一条任务的完成时限，没有就写“无”。", "6月底前", "不检验"),
        TODO_KEY,
    )
)

TASKS_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key(
            "lists",
            Record(
                (
                    _words("general_headings", "目标的标题", "讲目标的标题，紧接着它只有写明目标的句子算任务。"),
                    _words("requirement_headings", "总要求的标题", "讲形势、总要求的标题，连同小标题都不是具体工作。"),
                    _words("work_headings", "工作的标题", "标题里同时有这些字，下面就有具体工作。"),
                    _words("own_headings", "自身建设的标题", "讲政府自身建设的标题，下面要有具体做法才算任务。"),
                    _words("openers", "引子", "以这些字开头的句子不是任务。"),
                    _words("salutations", "称呼", "段首有这些字，这一段多是号召。"),
                    _words("we", "我们要", "段尾讲完道理以后号召的句子以这些字开头。"),
                    _words("lead_ins", "引出下文", "有这些字的句子是引出下文的话。"),
                    _words("closings", "结尾", "报告结尾号召里的字。"),
                    _words("judgements", "判断", "说情况、讲道理的字，没有数字时不算任务。"),
                    _words("verdicts", "讲道理", "有这些字就是讲道理，不算任务。"),
                    _words("copulas", "是", "主语后面跟着这些字，是下定义。"),
                    _words("not_copula", "不是下定义", "“是”前面有这些字，不是下定义。"),
                    _words("results", "已经做成", "说已经做成的事的字。"),
                    _words("attitudes", "表态", "表态的字，没有具体做法就不算任务。"),
                    _words("vague", "泛泛的说法", "只有这些说法的句子，放在段首时不算任务。"),
                    _words("firm", "不是泛泛之谈", "段首的句子有这些字，就是具体的事。"),
                    _words("adverbs", "前面的字", "做事的词前面可以有的字。"),
                    _words("measures", "具体做法", "自身建设里的具体做法。"),
                    _words("verbs", "做事的词", "任务里至少要有一个。"),
                    _words("deadlines", "时限", "完成时限的写法，N 代表数字。"),
                    _words("not_amounts", "不是数量", "这些单位的数不说明做多少。"),
                    _words("amounts_in_words", "文字量化", "没有数字也算量化的说法。"),
                )
            ),
            "词表",
            "认任务用的词。",
            "",
            "空",
        ),
        Key(
            "examples",
            ListOf(TASK_EXAMPLE, unique=False),
            "例句",
            "check 会逐句试。",
            "[{text: 新建公园3座。, tasks: [新建公园3座。]}]",
            "没有",
        ),
    )
)

OFFICE: Final = Record(
    (
        Key("keywords", WORDS, "关键词", "任务里有其中一个就算；几条都有的，词长的优先。", "[农村公路]", required=True),
        Key("lead", Text(60), "牵头单位", "填进任务清单的牵头单位。", "市交通运输局", required=True),
        Key("support", WORDS, "配合单位", "填进任务清单的配合单位。", "[市财政局]", "没有"),
        Key("levels", LEVELS, "层级", "只管哪几级地方的报告。", "[地级]", "各级都管"),
        Key("since", Whole(1949, 9999), "从哪年起", "从哪一年的报告起算，单位组建前的不填。", "2019", "不限"),
        Key("until", Whole(1949, 9999), "到哪年止", "到哪一年的报告止，单位撤销后的不填。", "2018", "不限"),
    )
)

OFFICES_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key(
            "offices",
            ListOf(OFFICE, unique=False),
            "分工",
            "本单位自己的任务分工，一条一行；自带的是空的。",
            "[{keywords: [农村公路], lead: 市交通运输局}]",
            "没有",
        ),
    )
)
