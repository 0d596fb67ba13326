"""Targets and results with the verdict they must get: indicator, measure, target, result, status, difference."""

CASES = [
    # a level, at least or equal
    ("revenue", "level", "≥76", "99.9", "超额完成", "完成目标任务的131.4%"),
    ("revenue", "level", "≥76", "76", "完成", "完成目标任务的100%"),
    ("revenue", "level", "76", "75.99", "未完成", "完成目标任务的99.99%"),
    ("boilers", "level", "180", "180", "完成", "完成目标任务的100%"),
    ("jobs", "level", "3.2", "3.05", "未完成", "完成目标任务的95.3%"),
    ("new_loans", "change", "150", "172.7", "超额完成", "完成目标任务的115.1%"),
    # a growth, at least or equal: compared as printed
    ("retail", "growth", "9", "9.9", "超额完成", "高于目标0.9个百分点"),
    ("retail", "growth", "≥9", "9.0", "完成", "与目标持平"),
    ("retail", "growth", "≥9", "8.99", "未完成", "低于目标0.01个百分点"),
    ("gdp", "growth", "-2", "-1.5", "超额完成", "高于目标0.5个百分点"),
    ("urbanisation", "level", "60", "59.8", "未完成", "低于目标0.2个百分点"),
    ("urbanisation", "change", "1.2", "1.3", "超额完成", "高于目标0.1个百分点"),
    # about
    ("gdp", "growth", "~7", "6.8", "基本完成", "与目标基本持平"),
    ("gdp", "growth", "~7", "6.79", "未完成", "低于目标0.21个百分点"),
    ("gdp", "growth", "~7", "7", "完成", "与目标基本持平"),
    ("gdp", "growth", "~7", "7.2", "完成", "与目标基本持平"),
    ("gdp", "growth", "~7", "7.3", "超额完成", "高于目标0.3个百分点"),
    ("gdp", "level", "~1000", "980", "基本完成", "与目标基本持平"),
    ("gdp", "level", "~1000", "979.9", "未完成", "完成目标任务的98%"),
    ("gdp", "level", "~1000", "1021", "超额完成", "完成目标任务的102.1%"),
    # a range
    ("fixed_asset_investment", "growth", "10..12", "10", "符合预期目标", "符合预期目标"),
    ("fixed_asset_investment", "growth", "10..12", "11.3", "符合预期目标", "符合预期目标"),
    ("fixed_asset_investment", "growth", "10..12", "12.5", "超额完成", "高于目标上限0.5个百分点"),
    ("fixed_asset_investment", "growth", "10..12", "9.4", "未完成", "低于目标下限0.6个百分点"),
    # at most
    ("unemployment", "level", "≤4.4", "3.92", "完成", "低于控制目标0.48个百分点"),
    ("unemployment", "level", "≤4.4", "4.4", "完成", "与控制目标持平"),
    ("unemployment", "level", "≤4.4", "4.5", "未完成", "高于控制目标0.1个百分点"),
    ("unemployment", "level", "4.4", "3.92", "完成", "低于控制目标0.48个百分点"),
    ("energy", "level", "≤0.52", "0.49", "完成", "低于控制目标0.03吨标准煤/万元"),
    # a price rise with 左右
    ("prices", "level", "~3", "1.8", "不作判定", "低于目标1.2个百分点"),
    ("prices", "level", "≤3", "1.8", "完成", "低于控制目标1.2个百分点"),
    # direction: down turns the comparisons
    ("energy", "growth", "≤-3", "-3.4", "超额完成", "降幅大于目标0.4个百分点"),
    ("energy", "growth", "-3", "-2.6", "未完成", "降幅小于目标0.4个百分点"),
    ("energy", "growth", "≥-3", "-3", "完成", "与目标持平"),
    ("energy", "growth", "~-3", "-2.9", "基本完成", "与目标基本持平"),
    ("energy", "growth", "-3.5..-3", "-3.2", "符合预期目标", "符合预期目标"),
    ("energy", "growth", "-3.5..-3", "-4", "超额完成", "低于目标下限0.5个百分点"),
    ("energy", "growth", "-3.5..-3", "-2.5", "未完成", "高于目标上限0.5个百分点"),
    ("unemployment", "level", "~4.4", "4.5", "基本完成", "与目标基本持平"),
    # results that are bounds are only judged where both ends agree, and no difference is told of them
    ("gdp", "level", "1000", "≥1050", "超额完成", "实绩为1050亿元，不计差距"),
    ("gdp", "level", "1000", "≥950", "不作判定", "实绩为950亿元，不据此判定"),
    ("gdp", "level", "1000", "≤990", "未完成", "实绩为990亿元，不计差距"),
    ("unemployment", "level", "≤5", "≤3.92", "完成", "实绩为3.92%，不计差距"),
    ("unemployment", "level", "≤3.5", "≤3.92", "不作判定", "实绩为3.92%，不据此判定"),
    ("fixed_asset_investment", "growth", "10", "9..11", "不作判定", "实绩为9..11%，不据此判定"),
]
