"""Who does which act on applications, and how an act is declared."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from api.serializers.applications import ApplicationSerializer

#: Acts of members of the applicant on their own applications.
APPLICANTS = (
    "create", "partial_update", "submit", "withdraw", "copy", "accept", "decline", "objection",
    "add_paper", "remove_paper",
)  # fmt: skip
#: Acts of the staff of the carrier's park.
STAFF = (
    "return_", "accept_form", "refuse_form", "reviewers", "assign", "decide", "object_", "queue",
    "hold", "retract", "convert", "move_in", "abandon",
)  # fmt: skip


def act(serializer, *, status=200):
    """A POST on one application, named after the method, that answers with the application."""

    def decorate(method):
        path = method.__name__.strip("_").replace("_", "-")
        made = action(detail=True, methods=["post"], url_path=path, url_name=path)(method)
        return extend_schema(request=serializer, responses={status: ApplicationSerializer})(made)

    return decorate
