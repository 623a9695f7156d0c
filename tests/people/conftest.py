"""What the tests of people lean on."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def moment() -> datetime:
    """When all of it happens."""
    return datetime(2026, 11, 22, 3, tzinfo=UTC)
