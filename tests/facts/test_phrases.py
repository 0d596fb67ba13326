"""A figure whose clause tells in a plain form what it measures gets the whole noun; any other gets none.

The sentences are made for it; the names are of the kinds that reports have.
"""

from __future__ import annotations

import re

import pytest

from compiler.facts.clause_words import PhraseWords
from compiler.facts.plain_clauses import Measured, find_phrase
from compiler.model import RuleBook


@pytest.fixture(scope="module")
def words(rulebook: RuleBook) -> PhraseWords:
    """The words of the shipped lexicon."""
    return PhraseWords.of(rulebook.lexicon)


def read(sentence: str, words: PhraseWords) -> Measured | None:
    """Read the figure that stands in 【】."""
    marked = re.search("【(.+?)】", sentence)
    assert marked is not None
    start = marked.start()
    return find_phrase(sentence.replace("【", "").replace("】", ""), start, start + len(marked[1]), words)


@pytest.mark.parametrize(
    ("sentence", "noun", "verb"),
    [
        # what there is, before the figure
        ("全市林木绿化率达到【51.3%】。", "林木绿化率", ""),
        ("年末国家级专精特新“小巨人”企业增至【41家】，创历史新高。", "国家级专精特新“小巨人”企业", ""),
        ("国家历史文化名城达【5座】。", "国家历史文化名城", ""),
        ("口岸货运通关能力从300万吨提升至【520万吨】。", "口岸货运通关能力", ""),
        ("农村低保月人均补差由20元提高到【35元】。", "农村低保月人均补差", ""),
        ("群众安全感连续四年保持【97%】以上。", "", ""),
        ("登记历史遗留问题化解率【98.2%】。", "登记历史遗留问题化解率", ""),
        ("工业新兴产业产值占规上工业比重首次超过【40%】。", "工业新兴产业产值占规上工业比重", ""),
        ("和美乡村建设覆盖率达【72%】。", "和美乡村建设覆盖率", ""),
        ("高校毕业生就业去向落实率【93%】。", "高校毕业生就业去向落实率", ""),
        ("本底调查发现物种数更新至【3120种】。", "本底调查发现物种数", ""),
        ("预计磷石膏综合利用率【70%】左右。", "磷石膏综合利用率", ""),
        # what was done, before and behind the figure, the verb kept apart
        ("建成彩虹步道【12公里】。", "彩虹步道", "建成"),
        ("累计建成老年助餐点【800余家】。", "老年助餐点", "建成"),
        ("新建改建市民健身步道【6条】。", "市民健身步道", "新建改建"),
        ("建成南环路、北环路等【13条】主干道路，打通断头路。", "", ""),
        ("建成【34个】民族村寨旅游提升示范村、8个边境旅游示范村。", "民族村寨旅游提升示范村", "建成"),
        ("建成34个民族村寨旅游提升示范村、【8个】边境旅游示范村。", "边境旅游示范村", "建成"),
        ("新增3个硕士授予单位和【12个】博士硕士学位授权点。", "博士硕士学位授权点", "新增"),
        ("新获批国家先进制造业集群【2个】。", "国家先进制造业集群", "新获批"),
        ("小巨人培育企业新增【71家】。", "小巨人培育企业", "新增"),
        ("新采购纯电动公交车【60辆】。", "纯电动公交车", "新采购"),
        ("共关停造纸企业【9家】。", "造纸企业", "关停"),
        ("生产原油【23万吨】、天然气5亿立方米。", "原油", "生产"),
        ("生产原油23万吨、天然气【5亿立方米】。", "天然气", "生产"),
        ("发放就业补助资金【1.2亿元】。", "就业补助资金", "发放"),
        ("争取“两重”资金【5.8亿元】。", "“两重”资金", "争取"),
        # work that ends the noun
        ("完成城镇管线改造【130公里】。", "城镇管线改造", ""),
        ("实施既有建筑节能改造【85万平方米】。", "既有建筑节能改造", ""),
        ("办好【10件】惠企实事。", "惠企实事", ""),
        ("完成生态补水【2.7亿立方米】。", "生态补水", ""),
    ],
)
def test_a_plain_clause_tells_the_whole_noun(sentence: str, noun: str, verb: str, words: PhraseWords) -> None:
    phrase = read(sentence, words)
    assert (phrase.noun, phrase.verb) == (noun, verb) if noun else phrase is None


NOT_PLAIN = [
    ("新培育乡村工匠、农村致富带头人【2.7万人】。", "the whole of a list is not its last member"),
    ("打造智能电网、工程机械等【10条】产业链。", "the whole of a list is not its last member"),
    ("蔬菜种植面积3万亩、特色林果【5万亩】。", "without a verb the second of a list leaves out what is measured"),
    ("推出长江岸线保护【84项】政策措施。", "政策措施 could be anything"),
    ("实施重点项目【42个】。", "重点项目 could be anything"),
    ("覆盖率达到【95%】。", "nothing says whose rate it is"),
    ("5家金融机构向【12家】企业发放贷款4亿元。", "what somebody does with them"),
    ("金融机构发放贷款【4亿元】。", "who did what is no name"),
    ("市政府直接受理复议案件【30件】。", "who did what is no name"),
    ("占规上工业比重【40%】。", "the whole without its part"),
    ("高新技术、新兴产业产值占规上工业比重分别达【42%】、50%。", "dealt out over a list"),
    ("对【116家】有色金属摊点关停取缔。", "what was closed is not what there is"),
    ("调整出口退税因素后，为【23.2亿元】。", "the clause has no noun"),
    ("【15个】重点事项审批时限压缩70%。", "the number counts matters, not the time"),
    ("技术领先的【2座】光热发电项目开工。", "an attribute is no noun"),
    ("【13个】集体和15名个人荣获全国表彰。", "who won what"),
    ("新增遴选【20项】中医药适宜技术推广使用。", "cut within what is done with them"),
    ("投资【8.1亿元】的产业园项目竣工。", "of one thing"),
    ("滨海广场城市综合体项目总投资【30亿元】。", "of one thing"),
    ("围绕建设【20个】示范村目标，加快推进。", "targets are not counted"),
    ("城区主干道和环城公路【16条】。", "two things"),
    ("朝阳县科技孵化基地入驻企业【19家】。", "of one place"),
    ("园区新开发土地【1000亩】。", "of a zone"),
    ("船舶出口规模占全国【1/3】。", "the noun is not 全国"),
    ("最低生活保障标准提高到每人每月【970元】。", "the unit is more than 元"),
    ("带动消费【650亿元】。", "what something led to"),
    ("钢材、电解铜产量分别增长【9.1%】、4%。", "dealt out over a list"),
    ("解决【21个村】饮水困难。", "villages are counted"),
    ("有效应对【14轮】强降雨。", "rains are no indicator"),
    ("其中企业【57万家】。", "part of what stands before"),
    ("中央财政拟投入【42亿元】。", "who means to do what"),
    ("“云上”生态园新入驻企业【18家】。", "of a zone"),
    ("争取4户企业被认定、【30个】项目列入重点项目。", "what becomes of them"),
    ("帮扶引领成功创业【628人】。", "no noun at all"),
    ("新修通村水泥路【21公里】。", "it is open where the verb ends"),
    ("水质保持优良连续【7年】。", "how long"),
]


@pytest.mark.parametrize(("sentence", "why"), NOT_PLAIN)
def test_what_is_not_plain_yields_nothing(sentence: str, why: str, words: PhraseWords) -> None:
    assert read(sentence, words) is None, why


@pytest.mark.parametrize(
    ("sentence", "moved", "base", "done"),
    [
        ("绿电交易量增长【14%】。", "增长", False, ""),
        ("公务接待费下降【5%】。", "下降", False, ""),
        ("国家先进制造业集群增至【14个】。", "", False, ""),
        ("口岸货运通关能力从【300万吨】提升至520万吨。", "", True, ""),
        ("实施科技攻关专项【48项】。", "", False, "实施"),
    ],
)
def test_what_the_figure_is_to_the_noun(sentence: str, moved: str, base: bool, done: str, words: PhraseWords) -> None:
    phrase = read(sentence, words)
    assert phrase is not None
    assert (phrase.moved, phrase.base, phrase.done) == (moved, base, done)


def test_without_words_nothing_is_told() -> None:
    assert read("建成彩虹步道【12公里】。", PhraseWords.of(None)) is None
