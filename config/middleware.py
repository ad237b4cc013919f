from django.middleware.locale import LocaleMiddleware

from parks import audit


def door_middleware(get_response):
    """The trail says through which door an act came: the API or a page."""

    def middleware(request):
        with audit.door("api" if request.path.startswith("/api/") else "page"):
            return get_response(request)

    return middleware


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Chinese unless a person chose otherwise; only the API listens to ``Accept-Language``."""

    def process_request(self, request):
        if not request.path.startswith("/api/"):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)
