from django.urls import path

from tenants.views import leases, space, tenants

app_name = "tenants"


def acts(prefix, name, views):
    """``<prefix><act>/`` named ``<name>-<act>`` for each act."""
    return [path(f"{prefix}{act}/", view.as_view(), name=f"{name}-{act}") for act, view in views]


urlpatterns = [
    path("parks/", space.ParkList.as_view(), name="park-list"),
    path("parks/<str:code>/", space.ParkDetail.as_view(), name="park-detail"),
    path("parks/<str:code>/edit/", space.CorrectPark.as_view(), name="park-edit"),
    path("buildings/<int:pk>/edit/", space.CorrectBuilding.as_view(), name="building-edit"),
    path("buildings/<int:pk>/", space.BuildingDetail.as_view(), name="building-detail"),
    path("units/", space.UnitList.as_view(), name="unit-list"),
    path("units/<int:pk>/", space.UnitDetail.as_view(), name="unit-detail"),
    *acts(
        "units/<int:pk>/",
        "unit",
        [
            ("split", space.SplitUnit),
            ("merge", space.MergeUnits),
            ("close", space.CloseUnit),
            ("renumber", space.RenumberUnit),
            ("correct", space.CorrectUnit),
            ("hold", space.HoldUnit),
        ],
    ),
    path("closures/<int:pk>/end/", space.ReopenUnit.as_view(), name="closure-end"),
    path("changes/", space.ChangeList.as_view(), name="change-list"),
    path("changes/<int:pk>/cancel/", space.CancelChange.as_view(), name="change-cancel"),
    path("leases/", leases.LeaseList.as_view(), name="lease-list"),
    path("leases/new/", leases.LeaseWrite.as_view(), name="lease-new"),
    path("leases/conflicts/", leases.LeaseConflicts.as_view(), name="lease-conflicts"),
    path("leases/<int:pk>/", leases.LeaseDetail.as_view(), name="lease-detail"),
    path("leases/<int:pk>/edit/", leases.LeaseWrite.as_view(), name="lease-edit"),
    *acts(
        "leases/<int:pk>/",
        "lease",
        [
            ("submit", leases.SubmitLease),
            ("reject", leases.RejectLease),
            ("sign", leases.SignLease),
            ("hand-over", leases.HandOverLease),
            ("terminate", leases.TerminateLease),
            ("void", leases.VoidLease),
            ("renew", leases.RenewLease),
            ("amend", leases.AmendLease),
        ],
    ),
    path("holds/", leases.HoldList.as_view(), name="hold-list"),
    path("holds/<int:pk>/release/", leases.ReleaseHold.as_view(), name="hold-release"),
    path("my/space/", leases.MySpace.as_view(), name="my-space"),
    path("tenants/", tenants.TenantList.as_view(), name="tenant-list"),
    path("tenants/new/", tenants.TenantNew.as_view(), name="tenant-new"),
    path("tenants/<int:pk>/", tenants.TenantDetail.as_view(), name="tenant-detail"),
    path("tenants/<int:pk>/edit/", tenants.TenantEdit.as_view(), name="tenant-edit"),
    path("audit/", tenants.AuditList.as_view(), name="audit-list"),
]
