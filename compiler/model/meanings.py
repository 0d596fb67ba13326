"""The closed sets of meanings that travel through all rooms: what a figure is, which part it stands in."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much an issue weighs: an error loses content, a warning wants a look, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Part(StrEnum):
    """What a passage of a report does. The span parts speak of several years at once."""

    REVIEW = "review"
    PLAN = "plan"
    REVIEW_SPAN = "review_span"
    PLAN_SPAN = "plan_span"
    OTHER = "other"


class Kind(StrEnum):
    """Whether a fact was achieved (or is expected to have been) or is planned."""

    RESULT = "result"
    TARGET = "target"


class Measure(StrEnum):
    """An amount or rate; percent against the year before; an absolute change."""

    LEVEL = "level"
    GROWTH = "growth"
    CHANGE = "change"


class Bound(StrEnum):
    """How the figure bounds the quantity; NONE for a target in words."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    APPROX = "approx"
    RANGE = "range"
    NONE = ""


NO_UNIT = "无"
"""What a rule writes for its unit where figures have none (空气质量综合指数6.14)."""


PLACE_LEVELS = ("国家", "省级", "地级", "县级")
"""The levels of a place, from the nation down."""


class Total(StrEnum):
    """What a figure about several years is: their sum, a level at their end, a yearly average, or just their growth."""

    SUM = "sum"
    END = "end"
    ANNUAL = "annual"
    NONE = ""


class Tier(StrEnum):
    """A base target, or one that is striven for on top of it (力争, 争取)."""

    BASE = "base"
    STRETCH = "stretch"


class DocumentKind(StrEnum):
    """What kind of document a text is; only reports are compiled unless others are asked for."""

    REPORT = "report"
    PLAN_PAPER = "plan_paper"  # 国民经济和社会发展计划执行情况和计划草案的报告
    BUDGET = "budget"
    BULLETIN = "bulletin"  # 统计公报
    NEWS = "news"
    DIGEST = "digest"  # 一图读懂, 解读
    OTHER_BODY = "other_body"  # the report of a congress's committee, of a consultative conference, of a court
    FOREIGN = "foreign"
    GARBLED = "garbled"


class Form(StrEnum):
    """What a quantity is made of."""

    AMOUNT = "amount"  # a number with a unit, or with none
    PERCENT = "percent"  # 6.5%, 百分之五, 三成: the value is in percent
    POINT = "point"  # 2.4个百分点
    TIMES = "times"  # 2.1倍: the value is the number before 倍
    DOUBLING = "doubling"  # 翻一番, 翻两番: the value is the growth in percent (100, 300)
    FLAT = "flat"  # 与上年持平, 零增长: the value is 0
    RATIO = "ratio"  # 16:49:35: the values are in ``parts``
