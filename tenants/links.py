"""Links of mails, signed; each works once and for ``PASSWORD_RESET_TIMEOUT``."""

from copy import copy

from django.contrib.auth.tokens import PasswordResetTokenGenerator, default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


class ConfirmLink(PasswordResetTokenGenerator):
    """Proves an e-mail address. Tokens of an ``Account``; registering anew makes older ones die, as does confirming."""

    key_salt = "tenants.links.ConfirmLink"

    def _make_hash_value(self, account, timestamp):
        registered = account.registered_at.timestamp()
        return f"{account.pk}{account.address}{registered}{account.confirmed_at is None}{timestamp}"

    def was_used(self, account, token) -> bool:
        """It is a true link of this account, which was confirmed since."""
        if account.confirmed_at is None:
            return False
        before = copy(account)
        before.confirmed_at = None
        return self.check_token(before, token)


confirm_link = ConfirmLink()


def password_link(user) -> str:
    """Where ``user``, who has a password, chooses a new one."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/accounts/forgotten/{key}/{default_token_generator.make_token(user)}/"
