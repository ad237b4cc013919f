"""Who acts for a tenant, on its page."""

from parks.sections import Section, register


@register("tenant")
def members_of_tenant(tenant, user, on):
    rows = tenant.users.filter(is_active=True).order_by("pk")
    waiting = tenant.claims.waiting().count() if user.has_perm("tenants.confirm_claim") else 0
    return Section("tenants/_members.html", {"members": rows, "waiting_claims": waiting})
