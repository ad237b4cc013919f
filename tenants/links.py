"""The link that proves an e-mail address: signed, works once and for ``PASSWORD_RESET_TIMEOUT``."""

from copy import copy

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ConfirmLink(PasswordResetTokenGenerator):
    """Tokens of an ``Account``; registering anew makes older ones die, as does confirming."""

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
