"""A native column chart and the small workbook behind it, written as XML.

Columns stand side by side in the order of the legend in every program; of horizontal bars some programs turn the legend
round. They are told apart by brightness and by a black outline, and each carries its figure, so the chart reads in
grey print and without colour. It names no font that has to be fetched: its text uses the fonts of
the document. The workbook lets the chart be edited in Word (编辑数据).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from compiler.briefing.briefing_blocks import Chart
from compiler.briefing.office_package import package_bytes
from compiler.strings import escape_xml

XML_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

FILLS: Final = ("404040", "D9D9D9", "8C8C8C", "FFFFFF")
"""From dark to light, far enough apart for a photocopy."""

_CHART: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def chart_xml(chart: Chart, latin: str, east_asian: str) -> str:
    """Return the chart part: columns, categories and legend in their order from the left."""
    categories, series, unit = chart.labels, chart.series, chart.unit
    fonts = f'<a:latin typeface="{escape_xml(latin)}"/><a:ea typeface="{escape_xml(east_asian)}"/>'
    text = (
        '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0">'
        f'<a:solidFill><a:srgbClr val="000000"/></a:solidFill>{fonts}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )
    # Names stand upright and break into lines; a program may else slant them.
    upright = text.replace("<a:bodyPr/>", '<a:bodyPr rot="0" vert="horz"/>')
    outline = '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln>'
    thin = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="808080"/></a:solidFill></a:ln></c:spPr>'
    last = len(categories) + 1
    names = "".join(f'<c:pt idx="{n}"><c:v>{escape_xml(name)}</c:v></c:pt>' for n, name in enumerate(categories))
    blocks: list[str] = []
    for number, one in enumerate(series):
        column = chr(ord("B") + number)
        digits = max((_digits(value) for value in one.values if value is not None), default=0)
        pattern = "General" if digits == 0 else "0." + "#" * digits
        points = "".join(
            f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(one.values) if value is not None
        )
        blocks.append(
            f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>数据!${column}$1</c:f>'
            f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape_xml(one.name)}</c:v></c:pt></c:strCache>'
            f'</c:strRef></c:tx><c:spPr><a:solidFill><a:srgbClr val="{FILLS[number % len(FILLS)]}"/></a:solidFill>'
            f'{outline}</c:spPr><c:invertIfNegative val="0"/>'
            f'<c:dLbls><c:numFmt formatCode="General" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln>'
            f'</c:spPr>{text}<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
            '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
            f'</c:dLbls><c:cat><c:strRef><c:f>数据!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{len(categories)}"/>'
            f"{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>数据!${column}$2:${column}${last}</c:f>"
            f"<c:numCache><c:formatCode>{pattern}</c:formatCode>"
            f'<c:ptCount val="{len(categories)}"/>{points}</c:numCache></c:numRef></c:val></c:ser>'
        )
    title = (
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0">{fonts}</a:defRPr>'
        f'</a:pPr><a:r><a:rPr lang="zh-CN" sz="900" b="0">{fonts}</a:rPr><a:t>{escape_xml(unit)}</a:t></a:r></a:p>'
        '</c:rich></c:tx><c:overlay val="0"/></c:title>'
        if unit
        else ""
    )
    return (
        f'{XML_HEADER}<c:chartSpace {_CHART}><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{"".join(blocks)}<c:gapWidth val="60"/>'
        '<c:overlap val="0"/><c:axId val="111"/><c:axId val="112"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{thin}{upright}<c:crossAx val="112"/>'
        '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="112"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/>{title}<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{thin}{text}<c:crossAx val="111"/>'
        '<c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
        "<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{text}</c:legend><c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
        '<a:ln><a:noFill/></a:ln></c:spPr><c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    )


def workbook_bytes(chart: Chart) -> bytes:
    """Return the workbook behind the chart: one sheet, categories in column A, one column a series."""
    categories, series = chart.labels, chart.series
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rows = ['<row r="1">' + "".join(_text_cell(n + 1, 1, one.name) for n, one in enumerate(series)) + "</row>"]
    for line, name in enumerate(categories, 2):
        cells = [_text_cell(0, line, name)]
        for number, one in enumerate(series, 1):
            value = one.values[line - 2]
            if value is not None:
                cells.append(f'<c r="{chr(ord("A") + number)}{line}"><v>{value}</v></c>')
        rows.append(f'<row r="{line}">{"".join(cells)}</row>')
    return package_bytes(
        {
            "[Content_Types].xml": f'{XML_HEADER}<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'{XML_HEADER}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1"'
            f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{XML_HEADER}<workbook xmlns="{sheet}" xmlns:r="{office}"><sheets>'
            '<sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{XML_HEADER}<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'{XML_HEADER}<worksheet xmlns="{sheet}"><sheetData>{"".join(rows)}'
            "</sheetData></worksheet>",
        }
    )


def _text_cell(column: int, row: int, text: str) -> str:
    return f'<c r="{chr(ord("A") + column)}{row}" t="inlineStr"><is><t>{escape_xml(text)}</t></is></c>'


def _digits(value: Decimal) -> int:
    """Return the digits after the decimal point, as printed."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
