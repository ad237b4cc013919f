from tenants.models.account import Account, TenantClaim
from tenants.models.document import Document
from tenants.models.facts import (
    Qualification,
    TenantFormerName,
    TenantPerson,
    Visit,
    VisitProblem,
    YearFigure,
)
from tenants.models.growth import CorporateEvent, Funding, IntellectualProperty
from tenants.models.lease import AskingRent, Hold, Lease, LeaseLine, RentFree, RentStep, RentUnit
from tenants.models.moves import Move, MoveOut, MovePlan
from tenants.models.saved_filter import SavedFilter
from tenants.models.tenant import Tenant

__all__ = [
    "Account",
    "AskingRent",
    "CorporateEvent",
    "Document",
    "Funding",
    "Hold",
    "IntellectualProperty",
    "Lease",
    "LeaseLine",
    "Move",
    "MoveOut",
    "MovePlan",
    "Qualification",
    "RentFree",
    "RentStep",
    "RentUnit",
    "SavedFilter",
    "Tenant",
    "TenantClaim",
    "TenantFormerName",
    "TenantPerson",
    "Visit",
    "VisitProblem",
    "YearFigure",
]
