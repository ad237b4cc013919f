from parks import audit


def door_middleware(get_response):
    """The trail says through which door an act came: the API or a page."""

    def middleware(request):
        with audit.door("api" if request.path.startswith("/api/") else "page"):
            return get_response(request)

    return middleware
