"""The shapes of what people type about themselves."""

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from parks.telling import language_of
from tenants.links import password_link
from tenants.mails import mail
from tenants.models import Tenant

linked = lazy(format_html, str)


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class RegisterForm(NameForm):
    #: A user's name of an address has at most 150 characters.
    email = forms.EmailField(
        label=_("E-mail address"), max_length=150,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a link there; with it you choose your password."),
    )  # fmt: skip
    terms = forms.BooleanField(
        label=_("I agree to the terms of use"),
        error_messages={"required": _("Without agreeing you cannot register.")},
        help_text=linked('<a href="/accounts/terms/" target="_blank">{}</a>', _("Read the terms of use")),
    )  # fmt: skip


class ForgottenForm(PasswordResetForm):
    """Mails a link to whoever has the address; one who has no account hears just that."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def save(self, *, language, **_options):
        address = self.cleaned_data["email"]
        users = list(self.get_users(address))
        for user in users:
            mail(
                user.email, language=language_of(user), subject=_("Set a new password"),
                words=_("Somebody, probably you, asked for a new password. The link works once and "
                        "for a day. Without it your password stays as it is."),
                link=_("Set a new password"),
                url=password_link(user),
            )  # fmt: skip
        if not users:
            mail(
                address, language=language, subject=_("No account with this address"),
                words=_("Somebody, probably you, asked for a new password, but no account that is "
                        "open belongs to this address. Register, or try another address of yours."),
                link=_("Register"), url="/accounts/register/",
            )  # fmt: skip


class JoinForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What are you?"),
        choices=[(Tenant.Kind.FIRM, _("a registered firm")),
                 (Tenant.Kind.TEAM, _("a team that has no firm yet"))],
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the firm or team"), max_length=120,
        help_text=_("A firm's as it stands on its licence."),
    )  # fmt: skip
    uscc = forms.CharField(
        label=_("Unified social credit code"), required=False, max_length=40,
        help_text=_("The 18 characters on the licence; a team leaves this empty."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What you do there"), required=False, max_length=300,
        help_text=_("Only if the firm is known here already: its park reads it and confirms that "
                    "you belong to it."),
    )  # fmt: skip
    override_reason = forms.CharField(
        label=_("Why the code is right although its last character does not fit"),
        required=False, max_length=200,
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.data.get("override_reason"):
            self.fields["override_reason"].widget = forms.HiddenInput()

    def ask_reason(self):
        """The code was refused for its check character: show the field that overrides it."""
        self.fields["override_reason"].widget = forms.TextInput()


class EraseForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("I know that this cannot be undone"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("The password is wrong."))
        return ""


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
    )  # fmt: skip
