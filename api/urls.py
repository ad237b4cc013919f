from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api import views

app_name = "api"

router = SimpleRouter()
router.register("parks", views.ParkResource)
router.register("buildings", views.BuildingResource)
router.register("floors", views.FloorResource)
router.register("units", views.UnitResource)
router.register("tenants", views.TenantResource)
router.register("leases", views.LeaseResource)
router.register("holds", views.HoldResource)
router.register("indicators", views.Indicators, basename="indicator")

urlpatterns = [
    path("token/", views.TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", views.Docs.as_view(), name="docs"),
    *router.urls,
]
