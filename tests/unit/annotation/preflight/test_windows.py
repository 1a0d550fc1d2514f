"""Which parts of a file are looked at."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.preflight.windows import HEAD_BYTES, WHOLE_BYTES, Window, windows_of


@given(st.integers(min_value=0, max_value=WHOLE_BYTES))
def test_a_small_file_is_one_window(size: int) -> None:
    assert windows_of(size) == (Window(0, size),)


@given(st.integers(min_value=WHOLE_BYTES + 1, max_value=5 * 1024**3))
def test_of_a_large_file_beginning_end_and_pieces_between(size: int) -> None:
    windows = windows_of(size)
    assert windows[0] == Window(0, HEAD_BYTES)
    assert windows[-1].end == size
    assert all(before.end <= after.start for before, after in pairwise(windows))
    assert sum(window.size for window in windows) < WHOLE_BYTES
