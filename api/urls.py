from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api.views import (
    access,
    account,
    announcements,
    applications,
    carriers,
    facts,
    figures,
    graduation,
    indicators,
    intake,
    ledgers,
    letting,
    moving,
    problems,
    readiness,
    residencies,
    rules,
    space,
    vacancies,
    work,
)

app_name = "api"

router = SimpleRouter()
router.register("parks", space.ParkResource)
router.register("buildings", space.BuildingResource)
router.register("floors", space.FloorResource)
router.register("units", space.UnitResource)
router.register("vacancies", vacancies.VacancyResource, basename="vacancy")
router.register("tenants", letting.TenantResource)
router.register("qualifications", facts.QualificationResource)
router.register("year-figures", figures.FigureResource, basename="year-figure")
router.register("fundings", facts.FundingResource)
router.register(
    "intellectual-properties", facts.IntellectualPropertyResource, basename="intellectual-property"
)
router.register("corporate-events", facts.CorporateEventResource, basename="corporate-event")
router.register("visits", facts.VisitResource)
router.register("problems", problems.ProblemResource, basename="problem")
router.register("leases", letting.LeaseResource)
router.register("holds", letting.HoldResource)
router.register("ledgers", ledgers.LedgerResource)
router.register("spaces", moving.SpaceResource, basename="space")
router.register("moves", moving.MoveResource, basename="move")
router.register("residencies", residencies.ResidencyResource, basename="residency")
router.register("carriers", carriers.CarrierResource)
router.register("mentors", carriers.MentorResource)
router.register("service-events", carriers.EventResource, basename="service-event")
router.register("reviews", graduation.ReviewResource, basename="review")
router.register("follow-ups", graduation.FollowUpResource, basename="follow-up")
router.register("applications", applications.ApplicationResource)
router.register("calls", intake.CallResource)
router.register("rule-sets", rules.RuleSetResource, basename="rule-set")
router.register("indicators", indicators.Indicators, basename="indicator")
router.register("tasks", work.Tasks, basename="task")
router.register("notices", work.Notices, basename="notice")
router.register("search", work.Search, basename="search")

urlpatterns = [
    path("token/", access.TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", access.Docs.as_view(), name="docs"),
    path(
        "account/",
        account.AccountResource.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="account",
    ),
    path("account/data/", account.AccountResource.as_view({"get": "data"}), name="account-data"),
    path("account/join/", account.AccountResource.as_view({"post": "join"}), name="account-join"),
    path(
        "account/erase/", account.AccountResource.as_view({"post": "erase"}), name="account-erase"
    ),
    path(
        "announcements/",
        announcements.AnnouncementResource.as_view({"get": "list"}),
        name="announcement-list",
    ),
    path(
        "units/contiguous/",
        moving.ContiguousResource.as_view({"get": "list"}),
        name="unit-contiguous",
    ),
    path(
        "year-figures/owed/",
        figures.OwedResource.as_view({"get": "list"}),
        name="year-figure-owed",
    ),
    path(
        "residencies/<pk>/evidence/",
        graduation.ResidencyGraduation.as_view({"get": "evidence"}),
        name="residency-evidence",
    ),
    path(
        "residencies/<pk>/graduate/",
        graduation.ResidencyGraduation.as_view({"post": "graduate"}),
        name="residency-graduate",
    ),
    path(
        "carriers/<str:pk>/intake/",
        intake.IntakeResource.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="carrier-intake",
    ),
    path(
        "carriers/<str:pk>/readiness/",
        readiness.ReadinessResource.as_view({"get": "retrieve"}),
        name="carrier-readiness",
    ),
    *router.urls,
    # Only with the slash at the end: without it Django still redirects to what is there.
    re_path(r"^.*/$", access.NotThere.as_view()),
]
