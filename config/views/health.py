from django.db import Error, connection
from django.http import JsonResponse


def healthz(request):
    """200 with the state of the database; 503 when it does not answer. Needs no log-in."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": connection.vendor})
