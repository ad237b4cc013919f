"""The token, and the documentation that works with the network cut."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import exceptions, generics, views
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from api import serializers as shapes
from api.base import checked


class NotThere(views.APIView):
    """Addresses that are none: a problem for programs, not a page for people."""

    permission_classes = ()
    schema = None

    def initial(self, request, *args, **kwargs):
        raise exceptions.NotFound


class TokenThrottle(AnonRateThrottle):
    rate = "20/min"
    scope = "token"


class TokenView(generics.GenericAPIView):
    """``{username, password}`` → ``{token}``; failures count towards the lock of the log-in page."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = [TokenThrottle]
    serializer_class = shapes.TokenSerializer

    def post(self, request):
        values = checked(shapes.TokenSerializer, request)
        user = authenticate(request._request, **values)
        if user is None:
            raise exceptions.ValidationError({"password": [_("Name and password do not fit.")]})
        token, _new = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


@method_decorator(
    csp_update({"style-src": [UNSAFE_INLINE]}),
    name="dispatch",
)
class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package; works with the network cut."""

    url_name = "api:schema"
