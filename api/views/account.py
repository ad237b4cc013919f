"""Who one is, for whom one acts; taking one's own data away, deleting the account."""

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from api.base import Resource, checked, entity_tag
from api.serializers import Text
from parks.audit import record
from tenants import personal
from tenants import services as letting
from tenants.models import Tenant, TenantClaim


class MembershipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tenant
        fields = ["id", "kind", "name", "uscc"]


class ClaimSerializer(serializers.ModelSerializer):
    """``accepted`` null: the park has not decided yet; ``reason``: why it refused."""

    name = serializers.CharField(source="tenant.name")

    class Meta:
        model = TenantClaim
        fields = ["id", "tenant", "name", "made_at", "decided_at", "accepted", "reason"]


class AccountSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="get_full_name")
    roles = serializers.SlugRelatedField("name", source="groups", many=True, read_only=True)
    tenants = MembershipSerializer(source="tenants.standing", many=True)
    claims = ClaimSerializer(many=True)

    class Meta:
        model = User
        fields = ["username", "name", "email", "roles", "tenants", "claims"]


class NameSerializer(serializers.Serializer):
    name = Text(max_length=60)


class JoinSerializer(serializers.Serializer):
    """``uscc``: a firm's; ``note``: what one does there, for whoever confirms that one belongs to
    a firm that is known already; ``override_reason``: why a code is right whose check fails."""

    kind = serializers.ChoiceField(Tenant.Kind.choices)
    name = Text(max_length=120)
    uscc = Text(max_length=40, required=False, allow_blank=True, default="")
    note = Text(max_length=300, required=False, allow_blank=True, default="")
    override_reason = Text(max_length=200, required=False, allow_blank=True, default="")


class JoinedSerializer(serializers.Serializer):
    """Either the new ``tenant``, or the ``claim`` of one that is known already."""

    tenant = MembershipSerializer(allow_null=True)
    claim = ClaimSerializer(allow_null=True)


class EraseSerializer(serializers.Serializer):
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class AccountResource(Resource):
    """``account/``: the one of whoever asks."""

    serializer_class = AccountSerializer
    view_permission = ""
    act_permissions = {"join": "incubation.apply"}
    filter_backends = ()
    pagination_class = None

    def get_object(self):
        return self.request.user

    def answer(self):
        data = self.get_serializer(self.request.user).data
        return Response(data, headers={"ETag": entity_tag(data)})

    @extend_schema(operation_id="account", responses={200: AccountSerializer})
    def retrieve(self, request):
        return self.answer()

    @extend_schema(request=NameSerializer, responses={200: AccountSerializer})
    def partial_update(self, request):
        """How one is called."""
        letting.correct_name(
            user=self.changing(request.user), by=request.user, **checked(NameSerializer, request)
        )
        return self.answer()

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def data(self, request):
        """All that is known of one: table → rows. The files are on the page of the account."""
        found = personal.as_data(personal.parts(request.user))
        record("export_personal", request.user, by=request.user, after={"page": request.path})
        return Response(found, headers={"Cache-Control": "private, no-store"})

    @extend_schema(request=JoinSerializer, responses={201: JoinedSerializer})
    def join(self, request):
        """Register a team or a firm; one that is known already is claimed."""
        made = letting.ask_to_join(
            user=request.user, at=timezone.now(), **checked(JoinSerializer, request)
        )
        kind = "claim" if isinstance(made, TenantClaim) else "tenant"
        return Response(JoinedSerializer({"tenant": None, "claim": None, kind: made}).data, 201)

    @extend_schema(request=EraseSerializer, responses={204: None})
    def erase(self, request):
        """Delete the account; 409 says what stands against it. Tokens die with it."""
        if not request.user.check_password(checked(EraseSerializer, request)["password"]):
            raise exceptions.ValidationError({"password": [_("The password is wrong.")]})
        letting.erase_account(
            user=request.user, by=request.user, at=timezone.now(), on=self.today
        )  # fmt: skip
        return Response(status=204)
