"""Requests that ``schemathesis`` makes of the API's schema: what it allows, and what it forbids.

To make one costs more than to answer it: ``make test`` names a folder (``API_CASES``) where its
first run keeps them for the second. Their making is not random: an operation of the same words has
the same requests on every engine, one whose words differ is given its own. The folder goes with
that one ``make test``.
"""

import json
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

#: Of each operation and mode.
EXAMPLES = 12
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
GENERATED = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Sent(NamedTuple):
    """A request in text alone; ``body`` is one character per byte."""

    method: str
    path: str
    query: str
    body: str
    media_type: str

    def by(self, client):
        return client.generic(
            self.method,
            self.path,
            self.body.encode("latin-1"),
            content_type=self.media_type,
            QUERY_STRING=self.query,
        )


def _sent(case):
    body = {} if case.body.__class__.__name__ == "NotSet" else case.body
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Sent(
        case.method,
        quote(case.formatted_path, safe="/%"),
        urlencode(case.query or {}, doseq=True),
        data.decode("latin-1"),
        case.media_type or "application/json",
    )


def _made(operation, mode):
    made = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @GENERATED
    def take(case):
        made.append(_sent(case))

    take()
    return made


def _origin(schema, operation, mode):
    """All that a request is made from; limits of numbers in it differ between the engines."""
    asked = schema["paths"][operation.path][operation.method]
    parts = [json.dumps([operation.label, asked.get("parameters"), asked.get("requestBody")])]
    seen = set()
    for part in parts:
        for name in sorted(set(REFERENCE.findall(part)) - seen):
            seen.add(name)
            parts.append(json.dumps([name, schema["components"]["schemas"][name]]))
    return sha256("".join([mode.value, *parts]).encode()).hexdigest()


def _kept(schema, operation, mode):
    if "API_CASES" not in os.environ:
        return _made(operation, mode)
    file = Path(os.environ["API_CASES"], _origin(schema, operation, mode))
    if not file.exists():
        file.write_text(json.dumps(_made(operation, mode)))
    return [Sent(*fields) for fields in json.loads(file.read_text())]


def cases(schema, mode):
    """The requests of every operation, by its name; who asks for a token is tried elsewhere."""
    operations = [
        found.ok() for found in schemathesis.openapi.from_dict(schema).get_all_operations()
    ]
    return {
        operation.label: _kept(schema, operation, mode)
        for operation in operations
        if not operation.path.endswith("/token/")
    }
