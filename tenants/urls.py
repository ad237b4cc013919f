from django.urls import path

from tenants.views import (
    calendar,
    cutting,
    lease_acts,
    leases,
    ledger,
    space,
    space_new,
    stacking,
    tasks,
    tenants,
    unit_acts,
)

app_name = "tenants"


def acts(prefix, name, views):
    """``<prefix><act>/`` named ``<name>-<act>`` for each act."""
    return [path(f"{prefix}{act}/", view.as_view(), name=f"{name}-{act}") for act, view in views]


urlpatterns = [
    path("parks/", space.ParkList.as_view(), name="park-list"),
    path("parks/new/", space_new.ParkNew.as_view(), name="park-new"),
    path("parks/<str:code>/staff/", space_new.ParkStaff.as_view(), name="park-staff"),
    path("parks/<str:code>/buildings/new/", space_new.BuildingNew.as_view(), name="building-new"),
    path("buildings/<int:pk>/floors/new/", space_new.FloorNew.as_view(), name="floor-new"),
    path("floors/<int:pk>/edit/", space_new.FloorEdit.as_view(), name="floor-edit"),
    path("floors/<int:pk>/units/new/", space_new.UnitNew.as_view(), name="unit-new"),
    path("outlines/<str:kind>/<int:pk>/", space_new.OutlineSet.as_view(), name="outline-set"),
    path("parks/<str:code>/", space.ParkDetail.as_view(), name="park-detail"),
    path("stacking/", stacking.StackingHome.as_view(), name="stacking-home"),
    path("parks/<str:code>/stacking/", stacking.StackingPlan.as_view(), name="stacking"),
    path(
        "parks/<str:code>/stacking/units/<int:pk>/",
        stacking.StackingPanel.as_view(),
        name="stacking-panel",
    ),
    path("parks/<str:code>/settings/", tasks.ParkSettings.as_view(), name="park-settings"),
    path("tasks/<slug:key>/", tasks.TaskList.as_view(), name="task-list"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
    path("problems/", tasks.ProblemList.as_view(), name="problem-list"),
    path("parks/<str:code>/edit/", unit_acts.CorrectPark.as_view(), name="park-edit"),
    path("buildings/<int:pk>/edit/", unit_acts.CorrectBuilding.as_view(), name="building-edit"),
    path("buildings/<int:pk>/", space.BuildingDetail.as_view(), name="building-detail"),
    path("units/", space.UnitList.as_view(), name="unit-list"),
    path("units/<int:pk>/", space.UnitDetail.as_view(), name="unit-detail"),
    *acts(
        "units/<int:pk>/",
        "unit",
        [
            ("split", cutting.SplitUnit),
            ("merge", cutting.MergeUnits),
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
    path("ledger/", ledger.LedgerList.as_view(), name="ledger-list"),
    path("ledger/template/", ledger.LedgerTemplate.as_view(), name="ledger-template"),
    path("ledger/export/", ledger.LedgerExport.as_view(), name="ledger-export"),
    path("ledger/<int:pk>/", ledger.LedgerDetail.as_view(), name="ledger-detail"),
    path("ledger/<int:pk>/progress/", ledger.LedgerProgress.as_view(), name="ledger-progress"),
    path("ledger/<int:pk>/marked/", ledger.LedgerMarked.as_view(), name="ledger-marked"),
    path("ledger/<int:pk>/<slug:act>/", ledger.LedgerAct.as_view(), name="ledger-act"),
    path("audit/", tenants.AuditList.as_view(), name="audit-list"),
]
