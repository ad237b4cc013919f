from django.urls import path

from incubation.views import chain, rules

app_name = "incubation"

urlpatterns = [
    path("chain/", chain.ChainView.as_view(), name="chain"),
    path("chain/rows/", chain.ChainRows.as_view(), name="chain-rows"),
    path("rules/", rules.RuleList.as_view(), name="rule-list"),
    path("rules/metrics/", rules.MetricList.as_view(), name="metric-list"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule-detail"),
    path("rules/<slug:code>/new/", rules.RuleEdit.as_view(), name="rule-edit"),
]
