"""Whether the service answers."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from hutong.desk.guards import public


@public
def health(request: HttpRequest) -> JsonResponse:
    """Health (健康检查): no sign-in, no data, but the database is really asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
