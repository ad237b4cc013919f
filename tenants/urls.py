from django.urls import path

from tenants.views import (
    lease_acts,
    lease_papers,
    lease_write,
    leases,
    move_out,
    renewals,
    space,
    tenants,
    unit_acts,
)

app_name = "tenants"


def acts(prefix, name, views):
    """``<prefix><act>/`` named ``<name>-<act>`` for each act."""
    return [path(f"{prefix}{act}/", view.as_view(), name=f"{name}-{act}") for act, view in views]


urlpatterns = [
    path("parks/", space.ParkList.as_view(), name="park-list"),
    path("parks/<str:code>/", space.ParkDetail.as_view(), name="park-detail"),
    path("parks/<str:code>/edit/", unit_acts.CorrectPark.as_view(), name="park-edit"),
    path("buildings/<int:pk>/edit/", unit_acts.CorrectBuilding.as_view(), name="building-edit"),
    path("buildings/<int:pk>/", space.BuildingDetail.as_view(), name="building-detail"),
    path("units/", space.UnitList.as_view(), name="unit-list"),
    path("units/<int:pk>/", space.UnitDetail.as_view(), name="unit-detail"),
    *acts(
        "units/<int:pk>/",
        "unit",
        [
            ("split", unit_acts.SplitUnit),
            ("merge", unit_acts.MergeUnits),
            ("close", unit_acts.CloseUnit),
            ("renumber", unit_acts.RenumberUnit),
            ("correct", unit_acts.CorrectUnit),
            ("hold", unit_acts.HoldUnit),
        ],
    ),
    path("closures/<int:pk>/end/", unit_acts.ReopenUnit.as_view(), name="closure-end"),
    path("changes/", unit_acts.ChangeList.as_view(), name="change-list"),
    path("changes/<int:pk>/cancel/", unit_acts.CancelChange.as_view(), name="change-cancel"),
    path("leases/", leases.LeaseList.as_view(), name="lease-list"),
    path("leases/new/", lease_write.LeaseWrite.as_view(), name="lease-new"),
    path("leases/conflicts/", lease_write.LeaseConflicts.as_view(), name="lease-conflicts"),
    path("leases/<int:pk>/", leases.LeaseDetail.as_view(), name="lease-detail"),
    path("leases/<int:pk>/edit/", lease_write.LeaseWrite.as_view(), name="lease-edit"),
    *acts(
        "leases/<int:pk>/",
        "lease",
        [
            ("submit", lease_acts.SubmitLease),
            ("reject", lease_acts.RejectLease),
            ("sign", lease_acts.SignLease),
            ("hand-over", lease_acts.HandOverLease),
            ("terminate", lease_acts.TerminateLease),
            ("void", lease_acts.VoidLease),
            ("renew", lease_acts.RenewLease),
            ("amend", lease_acts.AmendLease),
            ("schedule", lease_papers.LeaseSchedule),
            ("sheet", lease_papers.LeaseSheet),
            ("add-document", lease_papers.AddLeaseDocument),
            ("ask-surrender", move_out.AskSurrender),
        ],
    ),
    path("leases/tenants/", lease_write.TenantSearch.as_view(), name="lease-tenants"),
    path("leases/units/", lease_write.UnitSearch.as_view(), name="lease-units"),
    path("leases/renew/", renewals.BulkRenew.as_view(), name="lease-bulk-renew"),
    path("move-outs/", move_out.MoveOutList.as_view(), name="move-out-list"),
    *acts("move-outs/<int:pk>/", "move-out", move_out.ACTS),
    path("documents/<int:pk>/", lease_papers.DocumentFile.as_view(), name="document-file"),
    path(
        "documents/<int:pk>/remove/", lease_papers.RemoveDocument.as_view(), name="document-remove"
    ),
    path(
        "tenants/<int:pk>/add-document/",
        lease_papers.AddTenantDocument.as_view(),
        name="tenant-add-document",
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
