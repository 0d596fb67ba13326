"""Put a written document together with the template's looks into a .docx, with its properties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from compiler.briefing.outline import Looks
from compiler.briefing.word import OFFICE, XML_HEADER, Document, escape, package_bytes

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OURS: Final = re.compile(
    r'<Override\b[^>]*PartName="/(?:docProps/[^"]*|word/document\.xml)"[^>]*?(?:/>|>\s*</Override>)'
)
_DEFAULTS: Final = (
    ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
    ("xml", "application/xml"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def assemble(
    document: Document, looks: Looks, properties: Mapping[str, str], custom: Sequence[tuple[str, str]]
) -> bytes:
    """Return the bytes of the file. ``properties`` are the core ones; ``custom`` go under their own names."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(looks, document),
        "_rels/.rels": _root_relations(),
        "word/document.xml": document.xml(looks.section),
        "word/_rels/document.xml.rels": _relations(looks, document),
        "docProps/core.xml": _core(properties),
        "docProps/app.xml": _app(properties),
        "docProps/custom.xml": _custom(custom),
    }
    for name, content in looks.parts.items():
        parts.setdefault(name, content)
    parts.update(document.parts)
    return package_bytes(parts)


def _content_types(looks: Looks, document: Document) -> str:
    text = _OURS.sub("", looks.content_types.decode("utf-8-sig"))
    added = [
        f'<Default Extension="{extension}" ContentType="{kind}"/>'
        for extension, kind in _DEFAULTS
        if f'Extension="{extension}"' not in text
    ]
    overrides = [
        ("/word/document.xml", _MAIN),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
        ("/docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
        *document.overrides,
    ]
    added.extend(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides)
    return text.replace("</Types>", "".join(added) + "</Types>")


def _relations(looks: Looks, document: Document) -> str:
    added = "".join(
        f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>'
        for identifier, kind, target in document.relations
    )
    return looks.relations.decode("utf-8-sig").replace("</Relationships>", f"{added}</Relationships>")


def _root_relations() -> str:
    metadata = f"{_PACKAGE}/relationships/metadata/core-properties"
    listed = (
        (f"{OFFICE}/officeDocument", "word/document.xml"),
        (metadata, "docProps/core.xml"),
        (f"{OFFICE}/extended-properties", "docProps/app.xml"),
        (f"{OFFICE}/custom-properties", "docProps/custom.xml"),
    )
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(listed, 1)
    )
    return f'{XML_HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _core(properties: Mapping[str, str]) -> str:
    stamp = _stamp(properties.get("created", ""))
    simple = (
        ("dc:title", "title"),
        ("dc:subject", "subject"),
        ("dc:creator", "creator"),
        ("cp:keywords", "keywords"),
        ("dc:description", "description"),
        ("cp:lastModifiedBy", "creator"),
    )
    inner = "".join(f"<{tag}>{escape(properties[key])}</{tag}>" for tag, key in simple if properties.get(key))
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{name}>' for name in ("created", "modified")
    )
    category = f"<cp:category>{escape(properties['category'])}</cp:category>" if properties.get("category") else ""
    return (
        f'{XML_HEADER}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{inner}{dates if stamp else ''}{category}<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _app(properties: Mapping[str, str]) -> str:
    return (
        f'{XML_HEADER}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>report-compiler {escape(properties.get('version', ''))}</Application></Properties>"
    )


def _custom(custom: Sequence[tuple[str, str]]) -> str:
    """Return the properties under 自定义: which rules and which source made the file."""
    inner = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(custom, 2)
    )
    return (
        f'{XML_HEADER}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{inner}</Properties>"
    )


def _stamp(started: str) -> str:
    """Return an ISO time as the file format wants it, empty where it is none."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return ""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
