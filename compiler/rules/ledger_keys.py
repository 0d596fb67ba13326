"""Every key of ``ledger.yaml``: tolerances, wordings, limits and the relations between figures."""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import FORMAT_KEY, ID, WORDS, word_list
from compiler.rules.shapes import Figure, Flag, Key, ListOf, OneOf, Record, Text


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
                    word_list("relative.same", "同步", "文字目标：与参照的指标一样快。"),
                    word_list("relative.above", "高于", "文字目标：比参照的指标快。"),
                    word_list("relative.not_below", "不低于", "文字目标：不比参照的指标慢。"),
                    word_list("relative.below", "低于", "文字目标：比参照的指标慢。"),
                    word_list("relative.not_above", "不高于", "文字目标：不比参照的指标快。"),
                    word_list("scopes", "范围不同", "有这些字的不与没有的比；| 隔开的算一个意思。"),
                    word_list("count_families", "数个数的单位", "这几类单位的数当年多少不齐，比上年少不提示。"),
                    word_list("since_start", "与年初比", "有这些字，增减量是与年初比。"),
                    word_list("counted_apart", "不同的量词", "同一个单位里数的不是一样东西，互相不比。"),
                    word_list("name_heads", "名称前的动词", "备注里说“报告称……”时去掉名称前的这些字。"),
                    word_list("name_tails", "名称后的动词", "备注里说“报告称……”时去掉名称后的这些字。"),
                    word_list("bases", "另有口径", "目标按这些口径、上年实绩没有写的，不比。"),
                    word_list("relative.outside", "别处的数", "出现这些字，比的是别处的数，本报告核不了。"),
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
