from django.urls import path

from incubation.views import (
    carrier_acts,
    carriers,
    chain,
    follow_ups,
    graduation,
    mentors,
    placing_acts,
    readiness,
    residencies,
    residency_acts,
    residency_bulk,
    residency_new,
    reviews,
    rules,
    tax_months,
    waiting,
)
from tenants.urls import acts

app_name = "incubation"

urlpatterns = [
    path("chain/", chain.ChainView.as_view(), name="chain"),
    path("chain/rows/", chain.ChainRows.as_view(), name="chain-rows"),
    path("carriers/readiness/", readiness.ReadinessList.as_view(), name="readiness"),
    path(
        "carriers/<int:pk>/readiness/",
        readiness.CarrierReadiness.as_view(),
        name="carrier-readiness",
    ),
    path("rules/", rules.RuleList.as_view(), name="rule-list"),
    path("rules/metrics/", rules.MetricList.as_view(), name="metric-list"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule-detail"),
    path("rules/<slug:code>/new/", rules.RuleEdit.as_view(), name="rule-edit"),
    path("graduation/", graduation.GraduationList.as_view(), name="graduation"),
    path("reviews/", reviews.ReviewList.as_view(), name="review-list"),
    path("reviews/open/", graduation.OpenReviews.as_view(), name="review-open"),
    path("reviews/<int:pk>/", reviews.ReviewDetail.as_view(), name="review-detail"),
    path("reviews/<int:pk>/revoke/", reviews.ReviewRevoke.as_view(), name="review-revoke"),
    path("residencies/<int:pk>/evidence/", graduation.ResidencyEvidence.as_view(),
         name="residency-evidence"),
    path("follow-ups/", follow_ups.FollowUpList.as_view(), name="follow-up-list"),
    path("residencies/<int:pk>/follow-ups/<int:year>/", follow_ups.FollowUpYear.as_view(),
         name="follow-up"),
    path("residencies/<int:pk>/consent/", follow_ups.Consent.as_view(), name="consent"),
    path("carriers/", carriers.CarrierList.as_view(), name="carrier-list"),
    path("carriers/new/", carrier_acts.CarrierNew.as_view(), name="carrier-new"),
    path("carriers/<int:pk>/", carriers.CarrierDetail.as_view(), name="carrier-detail"),
    *acts(
        "carriers/<int:pk>/",
        "carrier",
        [
            ("edit", carrier_acts.CarrierEdit),
            ("change", carrier_acts.CarrierChangeNew),
            ("close", carrier_acts.CarrierClose),
            ("assign", carrier_acts.AssignSpace),
            ("release", carrier_acts.ReleaseSpace),
            ("recognise", carrier_acts.RecognitionNew),
            ("grade", carrier_acts.GradeNew),
            ("year", carrier_acts.YearNew),
            ("mentor", mentors.MentorNew),
            ("event", mentors.EventNew),
        ],
    ),
    path(
        "recognitions/<int:pk>/end/", carrier_acts.RecognitionEnd.as_view(), name="recognition-end"
    ),
    path("grades/<int:pk>/edit/", carrier_acts.GradeEdit.as_view(), name="grade-edit"),
    path("carrier-years/<int:pk>/edit/", carrier_acts.YearEdit.as_view(), name="carrier-year-edit"),
    path(
        "carrier-changes/<int:pk>/report/",
        carrier_acts.ChangeReport.as_view(),
        name="carrier-change-report",
    ),
    path("mentors/", mentors.MentorList.as_view(), name="mentor-list"),
    path("mentors/<int:pk>/", mentors.MentorDetail.as_view(), name="mentor-detail"),
    *acts(
        "mentors/<int:pk>/",
        "mentor",
        [
            ("edit", mentors.MentorEdit),
            ("end", mentors.MentorEnd),
            ("pair", mentors.MentorPair),
            ("session", mentors.MentorSessionNew),
        ],
    ),
    path("pairings/<int:pk>/end/", mentors.PairingEnd.as_view(), name="pairing-end"),
    path("sessions/<int:pk>/remove/", mentors.SessionRemove.as_view(), name="session-remove"),
    path("events/", mentors.EventList.as_view(), name="event-list"),
    path("events/<int:pk>/", mentors.EventDetail.as_view(), name="event-detail"),
    *acts(
        "events/<int:pk>/",
        "event",
        [
            ("edit", mentors.EventEdit),
            ("attendance", mentors.EventAttendance),
            ("remove", mentors.EventRemove),
        ],
    ),
    path("tax-months/", tax_months.TaxMonths.as_view(), name="tax-months"),
    path("tax-months/rows/", tax_months.TaxMonthRows.as_view(), name="tax-month-rows"),
    # placing
    path("waiting/", waiting.WaitingList.as_view(), name="waiting-list"),
    path("waiting/log/", waiting.OfferLog.as_view(), name="offer-log"),
    *acts(
        "applications/<int:pk>/",
        "application",
        [
            ("offer", placing_acts.OfferUnits),
            ("accept", placing_acts.AcceptOffer),
            ("decline", placing_acts.DeclineOffer),
            ("retract", placing_acts.RetractOffer),
            ("convert", placing_acts.ConvertApplication),
            ("move-in", placing_acts.MoveIn),
            ("abandon", placing_acts.AbandonSigning),
        ],
    ),
    # residencies
    path("residencies/", residencies.ResidencyList.as_view(), name="residency-list"),
    path("residencies/due/", residencies.DueList.as_view(), name="residency-due"),
    path("residencies/new/", residency_new.AdmitTenant.as_view(), name="residency-new"),
    path(
        "residencies/extend/", residency_bulk.BulkExtend.as_view(), name="residency-bulk-extend"
    ),
    path("residencies/leave/", residency_bulk.BulkLeave.as_view(), name="residency-bulk-leave"),
    path("residencies/carriers/", residencies.CarrierSearch.as_view(), name="carrier-search"),
    path("residencies/<int:pk>/", residencies.ResidencyDetail.as_view(), name="residency-detail"),
    *(
        path(f"residencies/<int:pk>/{act}/", view.as_view(), name=f"residency-{act}")
        for act, view in {
            "extend": residency_acts.ExtendResidency,
            "transfer": residency_acts.TransferResidency,
            "advance": residency_acts.AdvanceResidency,
            "leave": residency_acts.LeaveCarrier,
            "reopen": residency_acts.ReopenResidency,
            "correct": residency_acts.CorrectResidency,
            "withdraw": residency_acts.WithdrawResidency,
        }.items()
    ),
]  # fmt: skip
