"""The constructions: whose a figure is, by what stands before it. First row that fits decides.

A row says in which state the subject must be, which pattern the codes of the lead must fit
(:data:`compiler.language.lead_codes.CODES`), of which form the figure must be, what must hold besides, and what is then
done. Its example is a sentence whose last figure is read by that very row; ``explain`` prints the row's name (读作：…).
A new construction is one more row, above the rows that would take or refuse such a figure. Words that have no letter
yet are a list of the lexicon (:mod:`compiler.rules.lexicon_keys`), which gets its category in
:data:`compiler.language.vocabulary._CUE_LISTS` and its letter in ``CODES``; then ``python -m
compiler.app.generated_pages``. A row decides whose a figure is; what it amounts to (由X升至Y) is for :mod:`attaching`
and :mod:`values`, its year and kind for :mod:`verdicts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from compiler.language.coordination import Subject
from compiler.language.guards import Guard
from compiler.language.lead_codes import LONGEST_UNKNOWN, SILENT, UNKNOWN, Lead
from compiler.language.outcomes import Binding
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.language.unit_conversion import resolve_unit
from compiler.model import Bound, Form, Measure, Quantity


class State(Enum):
    """What the sentence speaks of when a figure comes up."""

    NAMED = auto()  # names stand right before the figure
    CARRIED = auto()  # the names of the figure before
    WAITING = auto()  # a name that has had no figure yet


class Act(Enum):
    """What is done with the figure."""

    ATTACH = auto()  # bound to the subject
    REFUSE = auto()  # kept from the subject by the row's guard, or by the lead's
    LEAVE = auto()  # nobody's, the subject stays
    END = auto()  # nobody's, and the subject ends
    TOTAL = auto()  # of all there are, where the names speak of the new ones: 新增高企62家、总数突破300家
    SHARE_OF_PLAN = auto()  # told of the plan: 完成年计划的108%
    QUOTE = auto()  # a target quoted beside the result: the figure is refused, the subject stays
    MARGIN = auto()  # a target in words with a margin: 快于全省1个百分点以上
    AGAINST_TARGET = auto()  # the difference to the target: 低于控制目标0.6个百分点


class Situation(NamedTuple):
    """A figure with what stands before it and what the sentence speaks of."""

    sentence: TokenisedSentence
    subject: Subject
    lead: Lead
    quantity: Quantity
    part_of_last: bool = False  # 其中 takes up the name that has just had its figure
    planned: bool = False  # the sentence stands in the plan


@dataclass(frozen=True, slots=True)
class Construction:
    """A row of the table. ``pattern`` is searched in the codes of the lead."""

    name: str
    state: State
    act: Act
    example: str
    pattern: str = ""
    forms: tuple[Form, ...] = ()
    when: Callable[[Situation], bool] | None = None
    guard: Guard | None = None
    one_of_several: bool = False  # the figure is one year's; the one before it was told of several

    def takes(self, state: State, form: Form, codes: str) -> bool:
        """Tell whether the row is for a figure of a form, in a state, behind a lead of these codes."""
        own = self.state is state and (not self.forms or form in self.forms)
        return own and re.search(self.pattern, codes) is not None


_LONGEST_DEED = 2
"""So many characters has the verb between 实际 and what was done: 实际|拆除|342台."""

# --- what the rows ask for besides codes and forms ---------------------------------------------


def _refused(at: Situation) -> bool:
    return at.lead.refused is not None


def _undirected(at: Situation) -> bool:
    led = at.lead.glue or at.lead.codes.endswith("f")  # 收入连跨几个台阶，由2.7亿元增加到9.2亿元
    return not (at.lead.direction or at.lead.to_level or led or _crossed(at))


def _crossed(at: Situation) -> bool:
    """Tell whether the figure's own hedge says what was crossed: 再上台阶，突破5000亿元."""
    hedge = at.sentence.text[at.quantity.outer_start : at.quantity.start]
    return hedge in at.sentence.language.lexicon.words("period.reaching")


def _part_of_last(at: Situation) -> bool:
    return at.part_of_last


def _dealt_to_others(at: Situation) -> bool:
    """Tell whether the figures are those of what stands before 分别 and the name: 甲、乙分别新增就业4200人、380人."""
    index = at.subject.hits[0].token
    tokens = at.sentence.tokens
    first = at.sentence.token_of(at.sentence.quantities.index(at.quantity))
    listed = first + 2 < len(tokens) and tokens[first + 1].has("join") and tokens[first + 2].kind is TokenKind.FIGURE
    return listed and len(at.subject.hits) == 1 and index > 0 and tokens[index - 1].has("respectively")


def _not_per_head(at: Situation) -> bool:
    """Tell whether 人均 comes up where the names do not speak of heads: 地区生产总值812亿元，人均6.4万元."""
    return not all(at.lead.per_head in at.sentence.tokens[hit.token].text for hit in at.subject.hits)


def _all_added(at: Situation) -> bool:
    """Tell whether the names speak of what is new, and nothing else is named: 新增市场主体15万户，总量突破90万户."""
    if at.lead.refused is Guard.OTHER_NAME:
        return False  # 新增高新技术企业40家，累计培育科技型中小企业800家
    added = at.sentence.language.lexicon.words("guard.added")
    names = [(at.sentence.tokens[hit.token].text, hit.rules[0].name) for hit in at.subject.hits]
    return all(name.startswith(added) or name.endswith(added) or rule.startswith(added) for name, rule in names)


def _counts_new(at: Situation) -> bool:
    """Tell whether the names count what is new by a word within them: 城镇新增就业."""
    added = at.sentence.language.lexicon.words("guard.added")
    return all(any(word in at.sentence.tokens[hit.token].text for word in added) for hit in at.subject.hits)


def _unknown(at: Situation) -> bool:
    """Tell whether a clause speaks of something else: 力争 may be followed by a few words, but not by a noun alone."""
    if at.lead.refused is None and at.lead.holds("a") and at.lead.holds("pY") and at.subject.last:
        # 解决420万人的饮水安全问题，其中2007年解决98万人: the verb is the same.
        quote = at.sentence.text[: at.subject.last[-1].quote_end]
        if at.lead.opening and at.lead.opening in quote:
            return False
    noun = at.lead.tail.rstrip(SILENT).endswith(UNKNOWN)
    return at.lead.refused is not None or at.lead.unknown > (LONGEST_UNKNOWN if at.lead.stretch and not noun else 0)


def _of_several(at: Situation) -> bool:
    """Tell whether the last figure was told of several years, by a word in its clause: 五年合计203万人."""
    last = at.subject.last[-1]
    end = at.sentence.token_of(last.figure)
    start = max(0, at.subject.hits[0].token - 2)
    sums = at.sentence.language.lexicon.words("list.sums")
    return any(
        token.has("span", "period_long", "cumulative") or token.text in sums for token in at.sentence.tokens[start:end]
    )


def _second_growth(at: Situation) -> bool:
    """Tell whether the subject has its growth already: what follows is on another basis (扣除…因素后增长4.1%)."""
    last = at.subject.last[-1]
    if at.lead.as_reason:
        return False
    clause = at.sentence.text[: at.quantity.start].rpartition("，")[2]
    if last.figure < 0 and any(word in clause for word in at.sentence.language.lexicon.words("guard.achieved_in_plan")):
        return False  # 出口增长10%左右。定得不高，是因为上年下降了19%: last year's, told as a reason
    quoted = last.figure >= 0 and at.sentence.quotes_target(last.figure)
    if last.figure >= 0 and _over_years(at.sentence, last.figure):
        return False  # 比2010年增长2.1倍，比上年增长12%
    return (
        last.value.measure is Measure.GROWTH
        and bool(at.lead.direction)
        and not (at.lead.to_level or at.lead.stretch or quoted or last.from_level)
    )


def _over_years(sentence: TokenisedSentence, figure: int) -> bool:
    """Tell whether a growth is told of more than a year by its own clause: 比“十五”末增长2.1倍, 年均增长16%."""
    for position in range(sentence.token_of(figure) - 1, -1, -1):
        token = sentence.tokens[position]
        if token.kind in (TokenKind.MARK, TokenKind.FIGURE):
            return False
        if token.kind is TokenKind.YEAR or token.has("plan_base", "average"):
            return True
    return False


def _level_open(at: Situation) -> bool:
    """Tell whether the subject still lacks its exact level: 增长8%，达到812亿元; 突破3000亿元，为3129亿元.

    A hedge that says what was crossed leads to a level by itself: 增长8%，突破9000万吨.
    """
    crossed = at.lead.codes == "," and _crossed(at)
    return (at.lead.glue or crossed or at.lead.holds("T")) and all(
        last.value.measure is not Measure.LEVEL
        or last.value.bound in (Bound.GE, Bound.APPROX)
        or last.figure < 0  # taken up from the sentence before
        or was_planned(at.sentence, last)
        for last in at.subject.last
    )


def was_planned(sentence: TokenisedSentence, last: Binding) -> bool:
    """Tell whether a figure is what was planned: 原计划新增300家，实际新增368家; …3.5万人的年度计划，实际新增4万人.

    A name that ends in the word for a target tells one, too: 城镇新增就业目标6万人，实际完成6.6万人.
    """
    if last.figure < 0:
        return False
    told = sentence.text[: sentence.quantities[last.figure].start].rpartition("，")[2]
    words = sentence.language.lexicon.words
    named = last.verb in words("guard.named_target") and told.endswith(last.verb)
    quoted = sentence.quotes_target(last.figure) or sentence.outdone(last.figure)
    return named or quoted or any(word in told for word in words("guard.told_target"))


def _reached_later(at: Situation) -> bool:
    """Tell whether the figure says where the subject stands at the end of the year: 目前有520家，年内达到580家."""
    return at.lead.verb.endswith(at.sentence.language.lexicon.words("direction.to")) and not _unknown(at)


def _of_this_year(at: Situation) -> bool:
    """Tell whether the figure's clause turns to the year planned for: 去年达到97.1%，今年保持在97%以上."""
    if at.lead.refused or at.lead.unknown or not (at.lead.glue or at.lead.stretch or at.lead.held or _crossed(at)):
        return False
    tokens = at.sentence.tokens
    position = at.sentence.token_of(at.sentence.quantities.index(at.quantity)) - 1
    while position > 0 and tokens[position].kind is not TokenKind.MARK:
        if tokens[position].has("plan_in_review"):
            return True
        if tokens[position].has("coming_year"):
            return at.planned and any(_of_other_years(token) for token in tokens[:position])
        position -= 1
    return False


def _of_other_years(token: Token) -> bool:
    """Tell whether a word speaks of last year or of several: beside them the year planned for is named anew."""
    return token.kind is TokenKind.YEAR or token.has("achieved_in_plan", "span", "period_long")


def _stock_behind_added(at: Situation) -> bool:
    """Tell whether a larger figure behind what is new says how many there are now: 新增企业15家，达到90家."""
    if not at.subject.last or not at.lead.verb.endswith(at.sentence.language.lexicon.words("direction.to")):
        return False
    dealt = at.lead.holds("R")  # 新增甲15家、乙30家，分别达到90家、120家
    if len({one.figure for one in at.subject.last}) < len(at.subject.last):
        return False  # 新增甲、乙均突破百家，分别达到214家、131家
    if len(at.subject.last) > 1 and not dealt:
        return False
    last = at.subject.last[0]
    if last.figure < 0 or last.value.measure is not Measure.LEVEL or not _all_added(at):
        return False
    if dealt:
        return True
    new, size = (_size(at, quantity) for quantity in (at.sentence.quantities[last.figure], at.quantity))
    return new is not None and size is not None and new < size


def _size(at: Situation, quantity: Quantity) -> Fraction | None:
    """Return how much a figure is in the base unit of its family."""
    value = quantity.low if quantity.low is not None else quantity.high
    return None if value is None else Fraction(value) * resolve_unit(at.sentence.language.lexicon, quantity.unit)[1]


def _noun_behind_comma(at: Situation) -> bool:
    """Tell whether the figure's own clause, behind the comma, has a noun of its own: …脱贫，尚有贫困人口6万人."""
    tokens, nouns = at.sentence.tokens, at.sentence.language.lexicon.words("guard.not_adverbs")
    position = at.sentence.token_of(at.sentence.quantities.index(at.quantity)) - 1
    while position > 0 and tokens[position].kind is not TokenKind.MARK:
        if tokens[position].kind is TokenKind.TEXT and tokens[position].text.endswith(nouns):
            return True
        position -= 1
    return False


def _told_anew(at: Situation) -> bool:
    lead = at.lead
    return bool(lead.direction or lead.to_level or lead.stretch)


def _of_elsewhere(at: Situation) -> bool:
    """Tell whether the figure is another place's, which the one before is compared with: 比全省36%高6个百分点."""
    tokens, bases = at.sentence.tokens, at.sentence.language.lexicon.words("period.base_before")
    position = at.sentence.token_of(at.sentence.quantities.index(at.quantity)) - 1
    while position > 0 and (tokens[position].kind is not TokenKind.MARK or tokens[position].text in "（）"):
        if tokens[position].has("scope"):  # 与全区平均水平（6.8%）持平
            return tokens[position - 1].text in bases
        position -= 1
    return False


def wider_place(at: Situation) -> str:
    """Return the word for a place that the report's is part of, where the figure is told of that: 全省42%; else ''."""
    tokens = at.sentence.tokens
    position = at.sentence.token_of(at.sentence.quantities.index(at.quantity)) - 1
    while position > at.subject.hits[-1].token and not tokens[position].has("scope"):
        position -= 1
    return tokens[position].text if tokens[position].text in at.sentence.scopes.above else ""


def _of_wider_place(at: Situation) -> bool:
    return bool(wider_place(at))


def _led_to(at: Situation) -> bool:
    """Tell whether the figure says where the change right before it led: 增加36家到286家."""
    last = at.subject.last[-1]
    if last.figure < 0 or last.value.measure is not Measure.CHANGE:
        return False
    between = at.sentence.text[at.sentence.quantities[last.figure].outer_end : at.quantity.outer_start]
    return between in at.sentence.language.lexicon.words("direction.to")


def _change_not_wanted(at: Situation) -> bool:
    """Tell whether a figure tells by how much something moved, and the rules take no such change."""
    if not at.lead.moves and not (at.lead.direction and not at.lead.to_level):
        return False
    return not all(Measure.CHANGE in hit.rules[0].measures for hit in at.subject.hits)


def _reset(at: Situation) -> bool:
    return at.lead.holds("pY") and bool(at.lead.direction) and not at.lead.refused and not at.lead.unknown


def _aimed(at: Situation) -> bool:
    """Tell whether a figure of the review is what was aimed at: 目标是固定资产投资增长10%; 计划40家，完成46家."""
    return not at.planned and bool(at.sentence.aimed_at(at.sentence.quantities.index(at.quantity)))


def _actual(at: Situation) -> bool:
    """Tell whether a clause says what really came of the name: 年初计划300台，实际拆除342台."""
    clause = re.split("[，、（]", at.sentence.text[: at.quantity.outer_start])[-1]
    told = clause.startswith(at.sentence.language.lexicon.words("guard.actual"))
    return told and at.lead.refused in (None, Guard.NEW_SUBJECT) and at.lead.unknown <= _LONGEST_DEED


def _still(at: Situation) -> bool:
    told = at.lead.glue or at.lead.moves
    return at.subject.open and told and not at.lead.refused and not at.lead.unknown


def _growth_of_growth(at: Situation) -> bool:
    """Tell whether a growth itself is said to have doubled: 出口总额增速较上年翻了一番."""
    return at.lead.holds("r") or all(hit.growth for hit in at.subject.hits)


def _noun_behind(at: Situation) -> bool:
    """Tell whether unknown text follows the figure: what it counts stands there."""
    token = at.sentence.token_of(at.sentence.quantities.index(at.quantity)) + 1
    if token >= len(at.sentence.tokens):
        return False
    return at.sentence.tokens[token].kind is TokenKind.TEXT or at.sentence.tokens[token].has("suffix")


def _one_name(at: Situation) -> bool:
    return sum(len(hit.rules) for hit in at.subject.hits) == 1


def _torn(at: Situation) -> bool:
    """Tell whether a mark of a list parts the digits of what one name has: 34、5亿元, which was 34.5 or two figures."""
    behind = at.sentence.text[at.quantity.end : at.quantity.end + 2]
    return not at.quantity.unit and behind[:1] == "、" and behind[1:].isdecimal() and _one_name(at)


def _of_quoted(at: Situation) -> bool:
    """Tell whether a percentage is told of the target quoted right before it: 达到计划目标800亿元的101%."""
    return at.subject.quoted and at.lead.verb in ("", *at.sentence.language.lexicon.words("guard.of"))


def _quoted_behind(at: Situation) -> bool:
    """Tell whether what follows the figure says that it is a target or a limit: 4.5%的警戒线."""
    return at.sentence.quotes_target(at.sentence.quantities.index(at.quantity))


def _targets(at: Situation) -> bool:
    """Tell whether a bracket before the figure names a target: （年度目标6%左右）."""
    words = at.sentence.language.lexicon.words("guard.bracket_target")
    figure = at.quantity.outer_start
    opened = at.sentence.text.rfind("（", 0, figure)
    return opened >= 0 and any(word in at.sentence.text[opened:figure] for word in words)


_N, _C, _W = State.NAMED, State.CARRIED, State.WAITING

CONSTRUCTIONS: tuple[Construction, ...] = (
    # the names stand before the figure
    Construction("文字目标带差距", _N, Act.MARGIN, "地区生产总值增速快于全省1个百分点以上。", "^[^,;xn]*>n?[^,;xn]*$",
                 (Form.POINT, Form.AMOUNT)),
    Construction("隔着别的话", _N, Act.REFUSE, "税收收入部门征缴12亿元。", when=_refused),
    Construction("分给前面几项", _N, Act.REFUSE, "大学生、退役军人分别新增就业4200人、380人。",
                 when=_dealt_to_others, guard=Guard.PART),
    Construction("总数的一部分", _N, Act.REFUSE, "实际利用外资14亿美元，其中外资11亿美元。", when=_part_of_last,
                 guard=Guard.PART),
    Construction("完成计划的百分比", _N, Act.REFUSE, "固定资产投资完成年计划的108%。", "K", guard=Guard.SHARE_OF_PLAN),
    Construction("与别处的差距", _N, Act.REFUSE, "城镇居民人均可支配收入与全省的差距扩大到1020元。", "D",
                 guard=Guard.COMPARISON),
    Construction("与别处相比", _N, Act.REFUSE, "居民人均可支配收入排全国第20位，比全国平均低9700元。", ">[^,;]*$",
                 (Form.AMOUNT,), guard=Guard.COMPARISON),
    Construction("定下的目标", _N, Act.REFUSE, "目标是固定资产投资增长10%。",
                 when=_aimed, guard=Guard.OLD_TARGET),
    Construction("增速的增减", _N, Act.REFUSE, "出口总额增速较上年翻了一番。", "r|^[^ud]*$",
                 (Form.TIMES, Form.DOUBLING), _growth_of_growth, Guard.SECOND_GROWTH),
    Construction("原来的几个数", _N, Act.REFUSE, "固定资产投资由前两年分别下降6.2%、3.1%。", "f.*R", when=_one_name,
                 guard=Guard.FROM),
    Construction("并列未完", _N, Act.REFUSE, "地区生产总值和12亿元。", "^[^RE]*j$", guard=Guard.JOIN),
    Construction("并列的另一项", _N, Act.REFUSE, "固定资产投资、柳河镇6000亿元电厂。", "^[^RE]*jx+$", when=_noun_behind,
                 guard=Guard.JOIN),
    Construction("括号里是别处的数", _N, Act.REFUSE, "经济总量与邻近的通州（1.3万亿元）仍有差距。", r"^j[^,]*x\($",
                 (Form.AMOUNT, Form.PERCENT), guard=Guard.SCOPE),
    Construction("别处的数", _N, Act.REFUSE, "森林覆盖率全省42%。", "^[^>]*o[^,>]*$",
                 (Form.AMOUNT, Form.PERCENT), _of_wider_place, Guard.SCOPE),
    Construction("断句后的数", _N, Act.REFUSE, "地区生产总值，812亿元。", ",", when=_undirected, guard=Guard.COMMA),
    Construction("断句后另有所指", _N, Act.REFUSE, "县域脱贫，尚有低收入人口6万人。", ",[^,]*x[^,]*$",
                 when=_noun_behind_comma, guard=Guard.COMMA),
    Construction("顿号断开的数", _N, Act.REFUSE, "地区生产总值34、5亿元。", when=_torn, guard=Guard.JOIN),
    Construction("隔着分号", _N, Act.REFUSE, "地区生产总值较快；增长8%。", ";", guard=Guard.SEMICOLON),
    Construction("分别对应", _N, Act.ATTACH, "地区生产总值、固定资产投资分别增长7%和8%。", "R"),
    Construction("各项同数", _N, Act.ATTACH, "地区生产总值、固定资产投资均增长7%。", "E"),
    Construction("名称在前，说增减", _N, Act.ATTACH, "地区生产总值增长7%。", "[rudbw][^,]*$"),
    Construction("名称在前，说数值", _N, Act.ATTACH, "地区生产总值达到812亿元。"),
    # the names of the figure before
    Construction("括号里的目标", _C, Act.QUOTE, "地区生产总值增长6.2%（年度目标6%左右）。", r"\([^:]*$", when=_targets),
    Construction("引用的界线", _C, Act.QUOTE, "城镇登记失业率4.17%，处于4.5%的警戒线以内。", "^[^:]*x",
                 when=_quoted_behind),
    Construction("引用的目标", _C, Act.QUOTE, "地区生产总值812亿元，达到计划目标800亿元。", "O(?!.*[,;])"),
    Construction("目标的百分之几", _C, Act.SHARE_OF_PLAN, "地区生产总值812亿元，达到计划目标800亿元的101%。", "^[_g]?$",
                 (Form.PERCENT,), _of_quoted),
    Construction("完成计划的百分比", _C, Act.SHARE_OF_PLAN, "固定资产投资120亿元，完成年计划的108%。", "K",
                 (Form.PERCENT,)),
    Construction("顿号断开的数", _C, Act.END, "地区生产总值34.5亿元，增长8、2%。", when=_torn),
    Construction("与目标之差", _C, Act.AGAINST_TARGET, "居民消费价格上涨2.4%，低于控制目标0.6个百分点。", "M"),
    Construction("与别处相比", _C, Act.REFUSE, "地区生产总值增长8.4%，高于全省1.2个百分点。", ">[^,;]*$",
                 guard=Guard.COMPARISON),
    Construction("占比", _C, Act.LEAVE, "民间投资完成95亿元，占固定资产投资的41%。",
                 when=lambda at: at.lead.refused is Guard.SHARE),
    Construction("与过去相比的倍数", _C, Act.LEAVE, "固定资产投资947亿元，相当于前五年总和的2.9倍。", "", (Form.TIMES,),
                 lambda at: not (at.lead.direction or at.lead.of_last_year)),
    Construction("又一个旧数", _C, Act.ATTACH, "规上工业企业数由五年前的418户、上年的546户，到了新高。",
                 "^fj[^,;x]*$"),
    Construction("人均另计", _C, Act.END, "一般公共预算收入812亿元，人均6.4万元。", "P", when=_not_per_head),
    Construction("存量分别另计", _C, Act.TOTAL, "新增高新技术企业15家、上市企业3家，总数分别达到90家和20家。",
                 "R.*[Tk]|[Tk].*R", (Form.AMOUNT,)),
    Construction("存量另计", _C, Act.TOTAL, "新增高新技术企业15家，总规模突破90家。", "[Tk]",
                 when=_all_added),
    Construction("存量到了多少", _C, Act.TOTAL, "新增高新技术企业15家，达到90家。", "^[,j]p?R?[gt]+$", (Form.AMOUNT,),
                 _stock_behind_added),
    Construction("承前，到了多少", _C, Act.ATTACH, "高新技术企业增加36家到286家。", "",
                 (Form.AMOUNT, Form.PERCENT), _led_to),
    Construction("说到别的事", _C, Act.END, "地区生产总值812亿元，建成厂房6万平方米。", when=_unknown),
    Construction("另一口径的增速", _C, Act.REFUSE, "税收收入增长8%，扣除减税后增长4.1%。", "^[^pYyoaRE]*$",
                 (Form.PERCENT,), _second_growth, Guard.SECOND_GROWTH),
    Construction("不取的增减量", _C, Act.REFUSE, "新改建农村公路120公里，增加9公里。", "", (Form.AMOUNT,),
                 _change_not_wanted, Guard.CHANGE),
    Construction("分别承前", _C, Act.ATTACH,
                 "城镇居民人均可支配收入3万元，农村居民人均可支配收入1万元，分别增长8%和9%。", "R"),
    Construction("各项承前", _C, Act.ATTACH,
                 "城镇居民人均可支配收入3万元，农村居民人均可支配收入1万元，均增长8%。", "E"),
    Construction("是上年的几倍", _C, Act.ATTACH, "出口总额26亿元，是上年的2.6倍。", "", (Form.TIMES,),
                 lambda at: at.lead.of_last_year),
    Construction("与别处持平", _C, Act.REFUSE, "地区生产总值增长6.2%，与全省6.1%的增速基本持平。", "", (Form.FLAT,),
                 _of_elsewhere, Guard.COMPARISON),
    Construction("承前，说增减或新值", _C, Act.ATTACH, "地区生产总值812亿元，增长7%。", when=_told_anew),
    Construction("别处的数", _C, Act.REFUSE, "森林覆盖率42%，比全省36%的水平高。", "o", when=_of_elsewhere,
                 guard=Guard.COMPARISON),
    Construction("承前，换了范围", _C, Act.ATTACH, "森林覆盖率上年42%，全市46%。", "o"),
    Construction("承前，到了本年", _C, Act.ATTACH, "城镇新增就业五年合计203万人，2016年为48.6万人。", "^,[pY]g*$",
                 when=_of_several, one_of_several=True),
    Construction("承前，本年新增", _C, Act.ATTACH, "城镇新增就业五年合计203万人，2016年新增48.6万人。", r"^,[pY]g*\+$",
                 when=lambda at: _of_several(at) and _counts_new(at), one_of_several=True),
    Construction("承前，其中本年", _C, Act.ATTACH, "五年累计接待游客600万人次，其中去年120万人次。", "a.*[pY]|[pY].*a",
                 one_of_several=True),
    Construction("承前，另说今年", _C, Act.ATTACH, "森林覆盖率达到42%，今年计划达到43%。", "y[^,;x]*$",
                 when=_of_this_year),
    Construction("承前，说到年底", _C, Act.ATTACH, "接待游客52万人次，年内达到580万人次。", "p[^,]*$",
                 when=_reached_later),
    Construction("承前，补说数值", _C, Act.ATTACH, "地区生产总值增长7%，达到812亿元。", "", when=_level_open),
    Construction("承前，持平或翻番", _C, Act.ATTACH, "固定资产投资120亿元，与上年持平。", "",
                 (Form.FLAT, Form.DOUBLING)),
    Construction("没有说是谁的", _C, Act.END, "地区生产总值812亿元，60个项目。"),
    # a name that has had no figure yet
    Construction("回到全年", _W, Act.ATTACH, "用电量因疫情下降4%，全年增长8.4%。", when=_reset),
    Construction("别处的数", _W, Act.END, "人均地区生产总值相当于全省平均的64%，全省平均达到8万元。",
                 "o", when=_of_wider_place),
    Construction("名称在前一句", _W, Act.ATTACH, "粮食产量因旱情下滑8%，仍达383万吨。", "[,j]", when=_still),
    Construction("原定之后说实际", _W, Act.ATTACH, "固定资产投资年初目标12%，实际完成10.5%。", r"^[,j(]",
                 when=_actual),
    Construction("没有说是谁的", _W, Act.END, "粮食产量因旱情少收8万吨，建成60个项目。"),
)  # fmt: skip
"""The table, in the order in which rows are tried within their state."""


@lru_cache(maxsize=4096)
def _rows(state: State, form: Form, codes: str) -> tuple[Construction, ...]:
    """Return the rows that a figure may fit; leads are short, so that most codes come again and again."""
    return tuple(row for row in CONSTRUCTIONS if row.takes(state, form, codes))


def construction_of(state: State, situation: Situation) -> Construction:
    """Return the first row that fits; the last row of each state always does."""
    rows = _rows(state, situation.quantity.form, situation.lead.codes)
    return next(row for row in rows if row.when is None or row.when(situation))
