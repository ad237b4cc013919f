"""What the carrier's staff and the reviewers do with an application."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import checked
from api.serializers import application_acts as bodies
from api.views.application_shared import act
from incubation import services as incubation
from incubation.models import ReviewAssignment, Reviewer
from incubation.selectors.reviewing import propose_reviewers, words_of
from incubation.selectors.waiting import units_of
from incubation.services.converting import offered_units
from incubation.services.offers import standing_offer


class ProposedSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    open_reviews = serializers.IntegerField(source="load")


class ExcludedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class ProposalSerializer(serializers.Serializer):
    """Reviewers for an application: the least busy first; and who must not, and why."""

    proposed = ProposedSerializer(source="reviewers", many=True)
    others = ProposedSerializer(many=True)
    excluded = ExcludedSerializer(many=True)


class CarrierActs:
    """For the staff of the carrier's park; ``take`` and ``moment`` are the resource's."""

    @act(bodies.ReturnSerializer)
    def return_(self, request, pk=None):
        """Back to be amended; it lapses by itself once the days to amend are over."""
        values = checked(bodies.ReturnSerializer, request)
        return self.take(incubation.return_application, values)

    @act(bodies.OpinionSerializer)
    def accept_form(self, request, pk=None):
        return self.take(incubation.accept_form, checked(bodies.OpinionSerializer, request))

    @act(bodies.NeededOpinionSerializer)
    def refuse_form(self, request, pk=None):
        return self.take(incubation.refuse_form, checked(bodies.NeededOpinionSerializer, request))

    @extend_schema(responses={200: ProposalSerializer})
    @action(detail=True)
    def reviewers(self, request, pk=None):
        """Who could review it: as many as the carrier asks for are proposed."""
        found = propose_reviewers(self.get_object(), on=self.today)
        excluded = [
            {"id": one.pk, "name": one.name, "reasons": [words_of(reason) for reason in reasons]}
            for one, reasons in found.conflicts.items()
        ]
        data = {"reviewers": found.reviewers, "others": found.others, "excluded": excluded}
        return Response(ProposalSerializer(data).data)

    @act(bodies.AssignReviewersSerializer)
    def assign(self, request, pk=None):
        """Ask reviewers; whoever is passed over for an interest is kept with the application."""
        values = checked(bodies.AssignReviewersSerializer, request)
        row = self.changing(self.get_object())
        if "reviewers" in values:
            keys = set(values["reviewers"])
            reviewers = list(Reviewer.objects.filter(pk__in=keys).order_by("pk"))
            if len(reviewers) < len(keys):
                raise exceptions.ValidationError({"reviewers": [_("Not all of these are there.")]})
        else:
            reviewers = propose_reviewers(row, on=self.today).reviewers
        incubation.assign_reviewers(application=row, reviewers=reviewers, **self.moment())
        return self.fresh(row.pk)

    @act(bodies.DecideApplicationSerializer)
    def decide(self, request, pk=None):
        """Approve or refuse once the reviews are in."""
        values = checked(bodies.DecideApplicationSerializer, request)
        if values.pop("decision") == "approve":
            return self.take(incubation.approve_application, values)
        del values["against_points_reason"]
        return self.take(incubation.refuse_application, values)

    @act(bodies.NeededOpinionSerializer)
    def object_(self, request, pk=None):
        """Somebody objected to the public notice: back to review, in a new round."""
        values = checked(bodies.NeededOpinionSerializer, request)
        return self.take(incubation.record_objection, values)

    @act(bodies.OpinionSerializer)
    def queue(self, request, pk=None):
        """On the waiting list of the carrier for the kind of space."""
        values = checked(bodies.OpinionSerializer, request)
        return self.take(incubation.queue_application, values)

    @act(bodies.OfferUnitsSerializer)
    def hold(self, request, pk=None):
        """Hold units and offer them."""
        values = checked(bodies.OfferUnitsSerializer, request)
        row = self.get_object()
        keys = set(values["units"])
        values["units"] = list(units_of(row.carrier, self.today).filter(pk__in=keys))
        if len(values["units"]) < len(keys):
            raise exceptions.ValidationError(
                {"units": [_("Not all of these are units of the carrier for tenants.")]}
            )
        return self.take(incubation.offer_units, values)

    @act(bodies.NeededOpinionSerializer)
    def retract(self, request, pk=None):
        """Take the offer back; the applicant keeps its place."""
        return self.take(incubation.retract_offer, checked(bodies.NeededOpinionSerializer, request))

    @act(bodies.ConvertSerializer)
    def convert(self, request, pk=None):
        """Admit the applicant and draft the lease of the units held; nothing is typed twice."""
        values = checked(bodies.ConvertSerializer, request)
        rents = {row["unit"]: (row["rent"], row["rent_unit"]) for row in values.pop("rents", ())}
        if rents:
            held = offered_units(standing_offer(self.get_object()))
            if set(rents) - {unit.pk for unit in held}:
                raise exceptions.ValidationError(
                    {"rents": [_("Not all of these units are held for the application.")]}
                )
        return self.take(incubation.convert_application, values | {"rents": rents})

    @act(bodies.MoveInSerializer)
    def move_in(self, request, pk=None):
        """Sign the lease, unless it is, and record that the applicant has moved in."""
        return self.take(incubation.move_in, checked(bodies.MoveInSerializer, request))

    @act(bodies.AbandonSerializer)
    def abandon(self, request, pk=None):
        """Signing failed: residency and draft of the lease are taken back."""
        return self.take(incubation.abandon_signing, checked(bodies.AbandonSerializer, request))


class ReviewerActs:
    """For the reviewers who are asked to score."""

    def asked(self, row) -> ReviewAssignment:
        """One's own review of the newest round."""
        mine = [one for one in row.standing_reviews if one.reviewer.user_id == self.request.user.pk]
        if not mine:
            raise exceptions.NotFound
        return mine[-1]

    @act(bodies.GiveScoreSerializer)
    def score(self, request, pk=None):
        """Hand one's points in; afterwards one sees those of the others."""
        values = checked(bodies.GiveScoreSerializer, request)
        row = self.changing(self.get_object())
        review = self.asked(row)
        criteria = {one.pk: one for one in review.sheet.criteria.all()}
        given = values.pop("scores")
        if {one["criterion"] for one in given} != set(criteria) or len(given) != len(criteria):
            raise exceptions.ValidationError(
                {"scores": [_("Give points for every criterion of the sheet, once each.")]}
            )
        incubation.hand_in_review(
            assignment=review, **values, **self.moment(),
            scores={criteria[one["criterion"]]: one["points"] for one in given},
            remarks={criteria[one["criterion"]]: one["remark"] for one in given},
        )  # fmt: skip
        return self.fresh(row.pk)

    @extend_schema(request=bodies.DeclareSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="declare-interest", url_name="declare-interest")
    def declare(self, request, pk=None):
        """One has an interest in the applicant: the review is taken off, for good."""
        values = checked(bodies.DeclareSerializer, request)
        row = self.get_object()
        moment = self.moment()
        incubation.declare_interest(
            reviewer=self.asked(row).reviewer, tenant=row.tenant, source="declared",
            start=self.today, by=moment["by"], at=moment["at"], **values,
        )  # fmt: skip
        return Response(status=204)
