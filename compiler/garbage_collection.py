"""Python's collection of circular garbage, held off where it would only walk through what stays.

Rules and what they are compiled to are some hundred thousand objects that live as long as the process. To go through
them again and again takes longer than to read them, and writes into memory that processes could share.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Collect nothing within: for work that makes many objects, all of which stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def set_aside() -> Iterator[None]:
    """Leave alone what there is now, and collect of what is made within only."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
