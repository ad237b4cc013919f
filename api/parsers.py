from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON no larger than ``DATA_UPLOAD_MAX_MEMORY_SIZE``.

    Nesting too deep to read is a bad request like any other that cannot be read.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        # The stream itself has no bound, only ``request.body`` has.
        sent = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if sent > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None
