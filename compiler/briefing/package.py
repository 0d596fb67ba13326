"""An Office package whose bytes tell nothing but its parts: the briefing, and the workbook behind a chart."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO


def package_bytes(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an Office package of parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, content)
    return buffer.getvalue()
