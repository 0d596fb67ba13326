"""A small rule folder for tests of building, writing and watching: the shipped words, and a handful of indicators."""

from __future__ import annotations

import shutil
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "rules"

INDICATORS = """format: 1
theme: 综合经济
indicators:
  - id: gdp
    name: 地区生产总值
    unit: 亿元
    aliases: [生产总值]
    headline: true
    sane: {growth: -30..30}
    examples:
      - {text: 全市生产总值达到812.5亿元。, under: review, yields: [level = 812.5]}
      - {text: 全市上下一心。, under: review, yields: []}
  - id: budget_revenue
    name: 一般公共预算收入
    unit: 亿元
    headline: true
    examples:
      - {text: 一般公共预算收入增长4%。, under: review, yields: [growth = 4]}
      - {text: 预算管理更加规范。, under: review, yields: []}
  - id: fixed_asset_investment
    name: 固定资产投资
    unit: 亿元
    examples:
      - {text: 固定资产投资增长8%。, under: review, yields: [growth = 8]}
      - {text: 投资环境继续改善。, under: review, yields: []}
  - id: grain_output
    name: 粮食产量
    unit: 万吨
    examples:
      - {text: 粮食产量250万吨。, under: review, yields: [level = 250]}
      - {text: 粮食安全有保障。, under: review, yields: []}
  - id: new_urban_jobs
    name: 城镇新增就业
    unit: 万人
    examples:
      - {text: 城镇新增就业5.2万人。, under: review, yields: [level = 5.2]}
      - {text: 就业形势稳定。, under: review, yields: []}
  - id: registered_unemployment
    name: 城镇登记失业率
    unit: "%"
    direction: down
    measures: [level]
    examples:
      - {text: 城镇登记失业率3.8%。, under: review, yields: [level = 3.8]}
      - {text: 失业保险范围扩大。, under: review, yields: []}
"""

FORESTS = """format: 1
theme: 生态环境
indicators:
  - id: forest_coverage
    name: 森林覆盖率
    unit: "%"
    aliases: [森林植被覆盖率]
    measures: [level]
    examples:
      - {text: 森林覆盖率达到41.5%。, under: review, yields: [level = 41.5]}
      - {text: 森林防火常抓不懈。, under: review, yields: []}
"""


def lay_out_small_rules(folder: Path) -> Path:
    """Lay the rules out in ``folder``, which is returned. They pass their check without a word."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("indicators", "schema", "*.md"))
    (folder / "indicators").mkdir()
    (folder / "indicators" / "综合经济.yaml").write_text(INDICATORS, encoding="utf-8")
    (folder / "indicators" / "生态环境.yaml").write_text(FORESTS, encoding="utf-8")
    ledger = folder / "ledger.yaml"
    # The relations between figures name indicators that are not here.
    ledger.write_text(ledger.read_text(encoding="utf-8").split("\nchecks:\n")[0] + "\n", encoding="utf-8")
    return folder
