"""So many attempts in a window, for each by itself; whose request it is behind proxies."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from parks.throttle import allowed, client_address

AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_so_many_and_no_more_until_the_window_is_over():
    def tried(who="a", at=AT):
        return allowed("try", who, most=2, seconds=3600, at=at)

    assert [tried() for _ in range(3)] == [True, True, False]
    assert tried("b")
    assert tried(at=AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [(0, "9.9.9.9", "10.0.0.1"), (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"), (1, "", "10.0.0.1"),
     (2, "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"), (2, "1.2.3.4", "10.0.0.1")],
)  # fmt: skip
def test_only_our_own_proxies_are_believed(settings, proxies, header, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == expected
