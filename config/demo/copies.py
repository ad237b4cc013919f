"""Further parks for benchmarks: whole parks copied in the database, row by row the same shape.

A park keeps its size at any scale; the district around it grows. Reviews of graduations are not
copied: each is sealed with its own trail.
"""

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierSpace,
    CarrierYear,
    EventAttendance,
    FollowUp,
    Mentor,
    MentorPairing,
    MentorSession,
    Residency,
    ResidencyExtension,
    ServiceEvent,
)
from parks import audit
from parks.models import (
    Building,
    Floor,
    Park,
    Unit,
    UnitChange,
    UnitClosure,
    UnitFormerNumber,
)
from tenants.models import (
    CorporateEvent,
    Document,
    Funding,
    Hold,
    IntellectualProperty,
    Lease,
    LeaseLine,
    Move,
    MoveOut,
    MovePlan,
    Qualification,
    RentFree,
    RentStep,
    Tenant,
    TenantFormerName,
    TenantPerson,
    Visit,
    VisitProblem,
    YearFigure,
)

#: Parents before children.
MODELS = [
    Park, Building, Floor, UnitChange, Unit, UnitFormerNumber, UnitClosure, Tenant, Lease,
    LeaseLine, RentStep, RentFree, Hold, TenantFormerName, TenantPerson, Qualification,
    YearFigure, Visit, VisitProblem, Document, MoveOut, MovePlan, Move, Funding,
    IntellectualProperty, CorporateEvent, Carrier, CarrierChange, CarrierGrade, CarrierRecognition,
    CarrierSpace, CarrierYear, Residency, ResidencyExtension, FollowUp, Mentor,
    MentorPairing, MentorSession, ServiceEvent, EventAttendance,
]  # fmt: skip


def copy_parks(*, copies, codes, step=lambda: None):
    """Add ``copies`` − 1 copies of everything but notices: ``settle`` raises those.

    Expects a database that holds only these parks.
    """
    if copies < 2:
        return
    offsets = {model: model.objects.aggregate(top=Max("pk"))["top"] or 0 for model in MODELS}
    with connection.cursor() as cursor:
        for copy in range(1, copies):
            for model in MODELS:
                cursor.execute(_copy_sql(model, offsets, copy))
            step()
        for sql in connection.ops.sequence_reset_sql(no_style(), MODELS):
            cursor.execute(sql)
    for park in Park.objects.filter(code__in=codes).order_by("pk"):
        audit.record("copy", park, by=None, park=park, after={"copies": copies - 1})


def _copy_sql(model, offsets, copy):
    quote = connection.ops.quote_name
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column = quote(field.column)
        columns.append(column)
        if field.primary_key:
            values.append(f"{column} + {offsets[model] * copy}")
        elif field.related_model in offsets:
            values.append(f"{column} + {offsets[field.related_model] * copy}")
        elif model is Park and field.name == "code":
            values.append(f"{column} || '-{copy + 1:03d}'")
        elif model is Tenant and field.name == "uscc":
            values.append("NULL")  # a code belongs to one tenant
        else:
            values.append(column)
    table = quote(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"  # noqa: S608
        f" WHERE {quote(model._meta.pk.column)} <= {offsets[model]}"
    )
