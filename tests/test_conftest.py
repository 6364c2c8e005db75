"""A test run leaves the checkout as it was."""

from __future__ import annotations

import os

import pytest


@pytest.mark.parametrize("mode", ["w", "ab", "r+", "x"])
def test_no_test_opens_a_file_of_the_checkout_for_writing(root, mode):
    path = root / "tests" / "cases" / "none.tsv"
    with pytest.raises(PermissionError, match="writes into the checkout"):
        path.open(mode).close()
    with pytest.raises(PermissionError, match="writes into the checkout"):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT))
    assert not path.exists()
