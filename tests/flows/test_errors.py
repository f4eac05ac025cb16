"""Expected failures: their exit codes are a promise to scripts."""

import pytest

from copydesk.flows.errors import Busy, CopydeskError, GateFailed, UsageError


@pytest.mark.parametrize(("error", "code"), [(GateFailed, 1), (UsageError, 2), (Busy, 3)])
def test_every_expected_failure_has_its_exit_code(error: type[CopydeskError], code: int) -> None:
    assert error("why").code == code
    assert str(error("why")) == "why"
    assert issubclass(error, CopydeskError)
