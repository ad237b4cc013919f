"""What belongs to one application: documents, talk, its place in the queue."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.base import ID, checked
from api.serializers import application_acts as bodies
from api.serializers import applications as shapes
from incubation import services as incubation
from incubation.blind import handed_out
from incubation.models import ApplicationDocument, Offer
from incubation.selectors.placing import choices_for, told, with_all
from incubation.selectors.promises import road_of
from incubation.selectors.reviewing import seen_by
from incubation.selectors.waiting import waits
from incubation.selectors.writing import papers_of
from parks.files import serve


class WaitingSerializer(serializers.Serializer):
    """``earliest``: when a unit of the carrier is free for it, by leases and holds as they end."""

    place = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField()
    since = serializers.DateField(allow_null=True)
    earliest = serializers.DateField(allow_null=True)
    unit = serializers.IntegerField(allow_null=True)


class PassageSerializer(serializers.Serializer):
    """``days``: promised, ``usual``: the median here; null where there is none."""

    label = serializers.CharField()
    place = serializers.ChoiceField(["past", "now", "later"])
    days = serializers.IntegerField(allow_null=True)
    usual = serializers.IntegerField(allow_null=True)


class PassedOverSerializer(serializers.Serializer):
    """``number``: of the application, for the staff."""

    place = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    reasons = serializers.CharField()


class FittingUnitSerializer(serializers.Serializer):
    """``against``: why it does not fit, nothing where it does; ``suits``: 0 to 1."""

    id = serializers.IntegerField(source="unit.pk")
    number = serializers.CharField(source="unit.number")
    gross_area_m2 = serializers.DecimalField(
        source="unit.gross_area_m2", max_digits=12, decimal_places=2
    )
    fits = serializers.SerializerMethodField()
    wished = serializers.BooleanField()
    suits = serializers.DecimalField(source="score", max_digits=10, decimal_places=6)
    reasons = serializers.ListField(child=serializers.CharField(), source="why")
    against = serializers.ListField(child=serializers.CharField(), source="reasons")
    asked_rent = serializers.DecimalField(
        source="asked.rent", max_digits=14, decimal_places=4, default=None, allow_null=True
    )
    asked_unit = serializers.CharField(source="asked.rent_unit", default=None, allow_null=True)

    def get_fits(self, choice) -> bool:
        return not choice.reasons


class OfferSerializer(serializers.ModelSerializer):
    """``until``: the first day on which it is too late; ``passed_over``: who stood before, and why."""

    state = serializers.CharField()
    units = serializers.ListField(child=serializers.IntegerField())
    place = serializers.IntegerField(allow_null=True)
    passed_over = PassedOverSerializer(many=True)

    class Meta:
        model = Offer
        fields = ["id", "state", "made_on", "until", "answered_on", "reason", "units", "place",
                  "passed_over"]  # fmt: skip


class ScoreCriterionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    hint = serializers.CharField()
    weight = serializers.IntegerField()


class ScoreSheetSerializer(serializers.Serializer):
    """``weight``: the most points a criterion gives; together 100."""

    code = serializers.CharField()
    name = serializers.CharField()
    pass_points = serializers.IntegerField()
    criteria = ScoreCriterionSerializer(many=True)


def document_key(**options):
    return OpenApiParameter("document", OpenApiTypes.INT, OpenApiParameter.PATH, **options)


class Parts:
    """For whoever may see the application; ``party``, ``take`` and ``moment`` are the resource's."""

    @extend_schema(responses={200: shapes.PaperSerializer(many=True)})
    @action(detail=True, parser_classes=[MultiPartParser], pagination_class=None)
    def documents(self, request, pk=None):
        """Those one may see: a reviewer who sees no names gets none that names the applicant."""
        row = self.get_object()
        papers = papers_of(row).filter(
            pk__in=ApplicationDocument.objects.visible_to(request.user).values("pk")
        )
        context = {"named": self.sight(row).named}
        return Response(shapes.PaperSerializer(papers, many=True, context=context).data)

    @extend_schema(
        request={"multipart/form-data": bodies.NewPaperSerializer},
        responses={201: shapes.PaperSerializer},
    )
    @documents.mapping.post
    def add_paper(self, request, pk=None):
        """The content decides what a file is: PDF, Word, Excel, PowerPoint or picture."""
        values = checked(bodies.NewPaperSerializer, request)
        paper = incubation.add_paper(application=self.get_object(), **values, **self.moment())
        return Response(shapes.PaperSerializer(paper, context={"named": True}).data, status=201)

    def paper(self, application, key):
        rows = ApplicationDocument.objects.visible_to(self.request.user).exclude(file="")
        row = rows.filter(application=application, pk=key).first() if int(key) <= ID else None
        if row is None:
            raise exceptions.NotFound
        return row

    @extend_schema(
        parameters=[document_key()], responses={(200, "application/octet-stream"): bytes}
    )
    @action(detail=True, url_path=r"documents/(?P<document>\d+)", url_name="document")
    def document(self, request, pk=None, document=None):
        """The file itself, as a download; to a reviewer who sees no names a copy without them, or
        409 ``names_remain`` where there can be none."""
        row = self.get_object()
        paper = self.paper(row, document)
        if not paper.file.storage.exists(paper.file.name):
            raise exceptions.NotFound(_("The file is no longer there."))
        name, content = handed_out(paper, named=self.sight(row).named)
        return serve(content, name=name, media_type=paper.media_type, shown=False)

    @extend_schema(parameters=[document_key()], responses={204: None})
    @document.mapping.delete
    def remove_paper(self, request, pk=None, document=None):
        """What was submitted once stays readable with that version."""
        row = self.get_object()
        paper = self.paper(row, document)
        incubation.remove_paper(application=row, document=paper, **self.moment())
        return Response(status=204)

    @extend_schema(responses={200: shapes.MessageSerializer(many=True)})
    @action(detail=True, pagination_class=None)
    def messages(self, request, pk=None):
        """Between the applicant and the staff, oldest first."""
        rows = self.party().messages.select_related("by")
        return Response(shapes.MessageSerializer(rows, many=True).data)

    @extend_schema(
        request=shapes.MessageSerializer, responses={201: shapes.MessageSerializer}
    )  # fmt: skip
    @messages.mapping.post
    def send_message(self, request, pk=None):
        values = checked(shapes.MessageSerializer, request)
        row = self.party()
        own = row.tenant_id in self.own
        if not own and not request.user.has_perm("incubation.handle_application"):
            raise exceptions.PermissionDenied
        moment = self.moment()
        message = incubation.send_message(
            application=row, text=values["text"], by=moment["by"], at=moment["at"],
            from_applicant=own,
        )  # fmt: skip
        return Response(shapes.MessageSerializer(message).data, status=201)

    @extend_schema(responses={200: WaitingSerializer})
    @action(detail=True)
    def waiting(self, request, pk=None):
        """Its place on the waiting list and the earliest plausible day; null when it waits not."""
        row = self.party()
        found = waits(row, self.on)
        entry, plausible = found.entry, found.plausible
        return Response(WaitingSerializer({
            "place": entry and entry.place, "waiting": found.count,
            "since": entry and entry.joined_on, "earliest": plausible and plausible.day,
            "unit": plausible and plausible.unit.pk,
        }).data)  # fmt: skip

    @extend_schema(responses={200: FittingUnitSerializer(many=True)})
    @action(detail=True, pagination_class=None)
    def units(self, request, pk=None):
        """The carrier's units, those that suit best first; the applicant sees those that fit and
        those it wishes for."""
        row = self.party()
        found = choices_for(row, self.today)
        if not self.sight(row).staff:
            found = [one for one in found if one.wished or not one.reasons]
        return Response(FittingUnitSerializer(found, many=True).data)

    @extend_schema(responses={200: PassageSerializer(many=True)})
    @action(detail=True, pagination_class=None)
    def road(self, request, pk=None):
        """The stages with where it stands, the days promised and those it usually takes."""
        return Response(PassageSerializer(road_of(self.party(), self.on), many=True).data)

    @extend_schema(responses={200: OfferSerializer(many=True)})
    @action(detail=True, pagination_class=None)
    def offers(self, request, pk=None):
        """The offers made, newest first, each with who was passed over and why."""
        row = self.party()
        staff = self.sight(row).staff
        rows = Offer.objects.filter(application=row, made_on__lte=self.on)
        answer = []
        for one in told(with_all(rows).order_by("-made_at", "-pk"), self.on):
            offer = one.offer
            answer.append({
                "id": offer.pk, "state": one.state, "made_on": offer.made_on,
                "until": offer.until, "answered_on": offer.answered_on, "reason": offer.reason if staff else "",
                "units": [unit.pk for unit in one.units], "place": one.place,
                "passed_over": [
                    {"place": place, "number": number if staff else None, "reasons": reasons}
                    for place, number, _key, reasons in one.ahead
                ],
            })  # fmt: skip
        return Response(OfferSerializer(answer, many=True).data)

    @extend_schema(responses={200: ScoreSheetSerializer})
    @action(detail=True)
    def sheet(self, request, pk=None):
        """The criteria it is scored by, once reviewers are asked; applicants get none."""
        seen = seen_by(request.user, self.get_object().standing_reviews)
        if not seen:
            raise exceptions.NotFound
        sheet = seen[-1].sheet
        return Response(ScoreSheetSerializer({
            "code": sheet.code, "name": sheet.name, "pass_points": sheet.pass_points,
            "criteria": list(sheet.criteria.order_by("position")),
        }).data)  # fmt: skip
