import pytest

from tests.api import client


@pytest.fixture
def api(operator):
    return client(operator)
