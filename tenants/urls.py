from django.urls import path

from tenants.views import facts, lease_acts, leases, merging, space, tenants, unit_acts

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
    path("leases/new/", leases.LeaseWrite.as_view(), name="lease-new"),
    path("leases/conflicts/", leases.LeaseConflicts.as_view(), name="lease-conflicts"),
    path("leases/<int:pk>/", leases.LeaseDetail.as_view(), name="lease-detail"),
    path("leases/<int:pk>/edit/", leases.LeaseWrite.as_view(), name="lease-edit"),
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
        ],
    ),
    path("holds/", leases.HoldList.as_view(), name="hold-list"),
    path("holds/<int:pk>/release/", leases.ReleaseHold.as_view(), name="hold-release"),
    path("my/space/", leases.MySpace.as_view(), name="my-space"),
    path("tenants/", tenants.TenantList.as_view(), name="tenant-list"),
    path("tenants/new/", tenants.TenantNew.as_view(), name="tenant-new"),
    path("tenants/<int:pk>/", tenants.TenantDetail.as_view(), name="tenant-detail"),
    path("tenants/<int:pk>/edit/", tenants.TenantEdit.as_view(), name="tenant-edit"),
    path("tenants/duplicates/", merging.Duplicates.as_view(), name="tenant-duplicates"),
    *acts(
        "tenants/<int:pk>/",
        "tenant",
        [
            ("personal", tenants.TenantPersonal),
            ("rename", facts.RenameTenant),
            ("person", facts.PersonNew),
            ("qualification", facts.QualificationNew),
            ("figures", facts.FigureNew),
            ("visit", facts.VisitNew),
            ("merge", merging.MergeTenants),
        ],
    ),
    *acts(
        "people/<int:pk>/", "person", [("edit", facts.PersonEdit), ("remove", facts.PersonRemove)]
    ),
    *acts(
        "qualifications/<int:pk>/",
        "qualification",
        [("edit", facts.QualificationEdit), ("remove", facts.QualificationRemove)],
    ),
    *acts(
        "figures/<int:pk>/",
        "figure",
        [("edit", facts.FigureEdit), ("confirm", facts.FigureConfirm)],
    ),
    path("visits/", facts.VisitList.as_view(), name="visit-list"),
    *acts("visits/<int:pk>/", "visit", [("edit", facts.VisitEdit), ("problem", facts.ProblemNew)]),
    path("problems/<int:pk>/edit/", facts.ProblemEdit.as_view(), name="problem-edit"),
    path("audit/", tenants.AuditList.as_view(), name="audit-list"),
]
