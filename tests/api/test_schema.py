"""The schema is complete, and whatever it allows or forbids never breaks the server."""

import json
from datetime import date
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.factories import make_draft, make_lease, make_unit


def test_schema_has_no_gaps(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_input_breaks_the_server(jr, operator, startup, mode):
    """Every operation with generated good and bad input, bounded, whoever sends it: never a 5xx.

    Making a case costs several times what answering it does, so both people send the same cases.
    """
    unit = make_unit(park=jr)
    days = {"start": date(2026, 1, 1), "end": date(2027, 1, 1)}
    make_lease(units=[unit], **days)
    make_draft(units=[make_unit(park=jr)], **days)
    clients = {}
    for user in (startup, operator):
        clients[user.username] = Client(raise_request_exception=False)
        clients[user.username].force_login(user)
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
    seen = 0

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/token/"):
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=12, deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def hit(case):
            body = {} if case.body.__class__.__name__ == "NotSet" else case.body
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            for role, client in clients.items():
                answer = client.generic(
                    case.method,
                    quote(case.formatted_path, safe="/%"),
                    data,
                    content_type=case.media_type or "application/json",
                    QUERY_STRING=urlencode(case.query or {}, doseq=True),
                )
                sent = (role, case.method, case.formatted_path, case.query, body)
                assert answer.status_code < 500, sent

        hit()
        seen += 1
    assert seen > 25
