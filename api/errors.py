"""The only place where a domain error becomes an HTTP status (RFC 9457 problem details)."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from parks.errors import InvalidValue, RuleViolation
from parks.files import FileTooLarge
from tenants.errors import TriedTooOften

#: Rules about the shape of a value or file, not about the state of the district, which are 409.
STATUSES = {
    InvalidValue.code: 400, "uscc_invalid": 400, FileTooLarge.code: 413,
    "unsupported_media_type": 415, TriedTooOften.code: 429,
}  # fmt: skip


class PreconditionFailed(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"

    def __init__(self):
        super().__init__(_("Someone changed this in between. Fetch it again and repeat the act."))


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "idempotency_key_reused"

    def __init__(self):
        super().__init__(_("This Idempotency-Key was used for another request."))


def problem(status_code, code, detail, errors=None) -> Response:
    body = {
        "type": f"urn:parks:problem:{code}", "title": TITLES.get(status_code, _("Error")),
        "status": status_code, "detail": str(detail), "code": code,
    }  # fmt: skip
    if errors:
        body["errors"] = errors
    answer = Response(body, status=status_code, content_type="application/problem+json")
    answer.problem = True
    return answer


TITLES = {
    400: "Bad request", 401: "Not logged in", 403: "Not allowed", 404: "Not found",
    405: "Method not allowed", 406: "Not acceptable", 409: "A rule says no",
    412: "Changed in between", 413: "Too large", 415: "Unsupported media type",
    429: "Too many requests",
}  # fmt: skip


def exception_handler(exc, context):
    """Domain refusals are 409 but for ``STATUSES``, wrong values 400; everything else as Django REST framework says."""
    if isinstance(exc, RuleViolation):
        return problem(STATUSES.get(exc.code, 409), exc.code, exc)
    if isinstance(exc, ValidationError):
        fields = getattr(exc, "message_dict", None)
        return problem(400, "invalid", " ".join(exc.messages), fields)
    if isinstance(exc, RequestDataTooBig):
        return problem(413, "too_large", _("The body of the request is too large."))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(_("There is nothing here, or it is not yours to see."))
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    answer = drf_handler(exc, context)
    if answer is None:
        return None
    code = getattr(exc, "default_code", "error")
    detail, errors = answer.data, None
    if isinstance(exc, exceptions.ValidationError):
        detail, errors = _("Some values are wrong."), answer.data
        code = "invalid"
    elif isinstance(detail, dict):
        detail = detail.get("detail", "")
    made = problem(answer.status_code, code, detail, errors)
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in answer:
            made[name] = answer[name]
    return made
