from django.urls import path

from incubation.views import (
    chain,
    follow_ups,
    graduation,
    reviews,
    rules,
)

app_name = "incubation"

urlpatterns = [
    path("chain/", chain.ChainView.as_view(), name="chain"),
    path("chain/rows/", chain.ChainRows.as_view(), name="chain-rows"),
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
]  # fmt: skip
