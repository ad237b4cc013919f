"""The schema is complete, and whatever it allows or forbids never breaks the server."""

from datetime import date
from itertools import chain

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from schemathesis import GenerationMode

from tests.api.cases import cases
from tests.factories import make_draft, make_lease, make_unit


def test_schema_has_no_gaps(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(public=True)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_input_breaks_the_server(jr, operator, startup, schema, mode):
    """Every operation with generated good and bad input, bounded, whoever sends it: never a 5xx.

    Both people send the same requests, on every engine.
    """
    unit = make_unit(park=jr)
    days = {"start": date(2026, 1, 1), "end": date(2027, 1, 1)}
    make_lease(units=[unit], **days)
    make_draft(units=[make_unit(park=jr)], **days)
    clients = {}
    for user in (startup, operator):
        clients[user.username] = Client(raise_request_exception=False)
        clients[user.username].force_login(user)

    made = cases(schema, mode)
    for sent in chain.from_iterable(made.values()):
        for role, client in clients.items():
            assert sent.by(client).status_code < 500, (role, sent)
    assert len(made) > 25
