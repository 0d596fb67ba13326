"""What an uncovered figure seems to measure: the whole noun, before the figure or, where things are counted, behind it.

What good suggestions were made of is kept here, in sentences made for it.
"""

from __future__ import annotations

import pytest

from compiler.facts.clause_words import PhraseWords
from compiler.facts.nouns import guess_noun, name_uncovered, nouns_of
from compiler.model import Part, RuleBook


@pytest.mark.parametrize(
    ("sentence", "raw", "noun"),
    [
        ("新建彩虹步道35公里，建成观星台12座。", "12座", "观星台"),
        ("新建彩虹步道35公里，建成观星台12座。", "35公里", "彩虹步道"),  # jieba parts 步 and 道
        ("省级书画中心等11个重点项目加快建设。", "11个", "重点项目"),
        ("全市国家5G工厂13家。", "13家", "国家5G工厂"),
        ("建成34个民族村寨旅游提升示范村。", "34个", "民族村寨旅游提升示范村"),
        ("获批国家先进制造业集群4个。", "4个", "国家先进制造业集群"),
        ("修好“四好农村路”12公里。", "12公里", "“四好农村路”"),
        ("认定“小巨人”企业26户。", "26户", "“小巨人”企业"),
        ("拿到“两重”资金5.8亿元。", "5.8亿元", "“两重”资金"),
        ("每月人均补差由20元提高到30元。", "20元", "人均补差"),
        ("新栽红枣树苗35万株。", "35万株", "红枣树苗"),
        ("全市存栏生猪20万头。", "20万头", "存栏生猪"),
        ("口岸货运通关能力从380万吨提升。", "380万吨", "口岸货运通关能力"),
        ("智慧路灯杆建成1200座。", "1200座", "智慧路灯杆"),
        ("办好10件惠企实事。", "10件", "惠企实事"),
        ("推进四个新型建材产业园区建设。", "四个", "新型建材产业园区"),
        ("建成南环路等13条主干道路。", "13条", "主干道路"),
        ("认定国家级专精特新“小巨人”企业26户。", "26户", "国家级专精特新“小巨人”企业"),
        ("投资8亿元的抽水蓄能电站项目开工。", "8亿元", "抽水蓄能电站项目投资"),
        ("总投资2亿元的示范园建成。", "2亿元", "示范园总投资"),
        ("完成6个乡镇41个村的整治。", "6个", "乡镇"),
        ("投资3亿元改造管网。", "3亿元", "投资"),
        ("全县近3万人受益。", "3万人", ""),
        ("今年是2026年。", "5个", ""),
    ],
)
def test_the_noun_is_whole(sentence: str, raw: str, noun: str, rulebook: RuleBook) -> None:
    assert guess_noun(sentence, raw, words=PhraseWords.of(rulebook.lexicon)) == noun


def test_the_figure_is_the_one_that_stands_there(rulebook: RuleBook) -> None:
    # 2 stands in 12座 as well: what a figure measures is read where it stands.
    words = PhraseWords.of(rulebook.lexicon)
    text = "建成观星台12座，新设立志愿者服务站2座。"
    assert guess_noun(text, "2座", text.rindex("2座"), words) == "志愿者服务站"


def test_nouns_of_a_report(rulebook: RuleBook) -> None:
    from compiler.facts.compile import compile_example

    report = compile_example("全市建成观星台１２座。新设志愿服务驿站2处。", Part.REVIEW, rulebook)
    assert nouns_of(report, rulebook.lexicon) == ("观星台", "志愿服务驿站")
    named = name_uncovered(report, lexicon=rulebook.lexicon)
    assert [item.noun for item in named.uncovered] == ["观星台", "志愿服务驿站"]
    assert [item.noun for item in name_uncovered(report, ("甲", "乙")).uncovered] == ["甲", "乙"]
