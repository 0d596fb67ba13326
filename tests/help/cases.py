"""Tables of cases, read by the parser in C: in Python it takes a third of the time that collecting the tests takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds, as plain values."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
