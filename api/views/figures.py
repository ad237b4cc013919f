"""Figures of years: kept by the park, or handed in by the firm and confirmed by the park."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action

from api.base import ON, Resource, checked
from api.serializers.carriers import Key
from api.views.facts import ProvenResource, ProvenSerializer
from api.views.graduation import seen
from incubation.figure_filters import FigureOwedFilter
from incubation.models import Residency
from incubation.selectors.figures import FigureState, owing, year_owed
from tenants import services as letting
from tenants.filters import FigureFilter
from tenants.models import YearFigure
from tenants.selectors.facts import NUMBERS, numbers_sealed, remarks

SAID = [*(field.name for field in NUMBERS), "number", "document", "file", "note"]


class FigureSerializer(ProvenSerializer):
    """Money in yuan. ``remarks``: what looks wrong, in words; ``asked_again``: what the park wants
    corrected of what the firm handed in."""

    remarks = serializers.SerializerMethodField()

    class Meta:
        model = YearFigure
        fields = ["id", "tenant", "year", *SAID, "handed_in_on", "asked_again", "confirmed_on",
                  "remarks"]  # fmt: skip
        read_only_fields = ["handed_in_on", "asked_again", "confirmed_on"]
        validators = []

    def get_remarks(self, figure) -> list[str]:
        return remarks(figure)


class HandInFiguresSerializer(ProvenSerializer):
    """``tenant`` may be left out by whoever belongs to one only. At least one number."""

    tenant = Key(required=False)

    class Meta:
        model = YearFigure
        fields = ["tenant", "year", *SAID]
        validators = []


class AskAgainSerializer(serializers.Serializer):
    what = serializers.CharField(max_length=300)


class OwedSerializer(serializers.ModelSerializer):
    """``due_on``: the last day that is in time; ``figure``: what is there of the year."""

    residency = serializers.IntegerField(source="pk")
    due_on = serializers.DateField(source="figures_due")
    state = serializers.ChoiceField(FigureState.choices, source="figure_state")
    figure = serializers.IntegerField(allow_null=True)
    handed_in_on = serializers.DateField(allow_null=True)
    asked_again = serializers.CharField(allow_null=True)

    class Meta:
        model = Residency
        fields = ["residency", "tenant", "carrier", "due_on", "state", "figure", "handed_in_on",
                  "asked_again"]  # fmt: skip


def own_tenant(user, values):
    """The tenant that a member acts for: the one named in ``values``, else the only one."""
    tenants = user.tenants.standing()
    key = values.pop("tenant", None)
    if key is not None:
        return seen(tenants, key, "tenant")
    if tenants.count() != 1:
        raise exceptions.ValidationError({"tenant": [_("Say for which team or firm.")]})
    return tenants.get()


@extend_schema(parameters=[ON])
class FigureResource(ProvenResource):
    queryset = YearFigure.objects.none()
    serializer_class = FigureSerializer
    filterset_class = FigureFilter
    act_permissions = {
        **ProvenResource.act_permissions,
        **dict.fromkeys(["confirm", "ask_again"], "tenants.change_tenant"),
        "hand_in": "tenants.hand_in_figures",
    }
    search_fields = ("tenant__name",)
    ordering_fields = ("year", "revenue")

    def add(self, values):
        return letting.record_figure(by=self.request.user, **values)

    def change(self, row, values):
        letting.correct_figure(figure=row, by=self.request.user, **values)

    @extend_schema(request=HandInFiguresSerializer, responses={201: FigureSerializer})
    @action(detail=False, methods=["post"], url_path="hand-in")
    def hand_in(self, request):
        """A member of the firm hands in, or again until they are confirmed; they count then."""
        values = checked(HandInFiguresSerializer, request)
        tenant = own_tenant(request.user, values)

        def keep(values):
            return letting.hand_in_figures(
                tenant=tenant, by=request.user, on=self.today, **values
            )  # fmt: skip

        return self.fresh(self._proven(keep, tenant, values).pk, 201)

    @extend_schema(request=None, responses={200: FigureSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request, pk=None):
        """With ``If-Match`` only what was read is confirmed."""
        row = self.changing(self.get_object())
        letting.confirm_figures(
            seen={row.pk: numbers_sealed(row)}, by=request.user, on=self.today
        )  # fmt: skip
        return self.fresh(row.pk)

    @extend_schema(request=AskAgainSerializer, responses={200: FigureSerializer})
    @action(detail=True, methods=["post"], url_path="ask-again")
    def ask_again(self, request, pk=None):
        """The firm is to correct what it handed in."""
        values = checked(AskAgainSerializer, request)
        row = self.changing(self.get_object())
        letting.ask_figures_again(figure=row, by=request.user, on=self.today, **values)
        return self.fresh(row.pk)


YEAR = OpenApiParameter("year", int, description="The last year that is over when left out.")


class OwedResource(Resource):
    """Who owes the figures of a year, until when, and how far it is: all, or one's own."""

    queryset = Residency.objects.none()
    serializer_class = OwedSerializer
    filterset_class = FigureOwedFilter
    view_permission = "tenants.view_tenant"
    search_fields = ("tenant__name",)
    ordering_fields = ("figures_due", "figure_state", "tenant")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        form = FigureOwedFilter(self.request.query_params, queryset=self.queryset).form
        year = form.cleaned_data.get("year") if form.is_valid() else None
        return owing(self.request.user, int(year or year_owed(self.on))).order_by("pk")

    @extend_schema(operation_id="year_figures_owed", parameters=[ON, YEAR])
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)
