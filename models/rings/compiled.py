"""Functions compiled by numba, whose types mypy still sees."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Machine code at the first call, kept on disk; no arithmetic is rearranged."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))
