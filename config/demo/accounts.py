"""The demonstration accounts; they exist only where DEMO is on."""

from django.contrib.auth.models import Group, User

from config.roles import ROLES

PASSWORD = "demo"  # noqa: S105 - printed by make run; check --deploy complains about DEMO
ACCOUNTS = {
    "admin": None, "bureau": "bureau", "operator": "operator", "operator2": "operator",
    "reviewer": "reviewer", "reviewer2": "reviewer", "startup": "startup",
}  # fmt: skip


def make_accounts() -> dict[str, User]:
    """Each account once, with its role; existing ones are left as they are."""
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in ROLES}
    users = {}
    for username, role in ACCOUNTS.items():
        user, new = User.objects.get_or_create(username=username)
        if new:
            user.set_password(PASSWORD)
            user.is_superuser = user.is_staff = role is None
            user.save()
            if role:
                user.groups.add(groups[role])
        users[username] = user
    return users
