"""Without an account: register, confirm the address, read the terms, get a new password."""

from urllib.parse import urlencode

from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView, TemplateView

from parks.errors import SomeoneWasFaster
from parks.throttle import allowed, client_address
from tenants import services as letting
from tenants import terms
from tenants.account_forms import ForgottenForm, RegisterForm
from tenants.errors import LinkUsed
from tenants.links import confirm_link
from tenants.mails import mail
from tenants.models import Account
from tenants.services.accounts import normalised

#: Mails in an hour that one address gets, and that one place on the network may ask for.
HOUR, MAILS_PER_ADDRESS, MAILS_PER_PLACE = 3600, 3, 30


def next_of(request) -> str:
    """Where somebody wanted to go, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/")
    return wanted[:500] if safe else ""


def with_next(address, wanted) -> str:
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


class Mailing(FormView):
    """A form that sends a mail to any address: the same answer whoever it belongs to, bounded."""

    what = ""

    def form_valid(self, form):
        at, address = timezone.now(), normalised(form.cleaned_data["email"])
        place = client_address(self.request)
        if not (
            allowed(f"{self.what}-from", place, most=MAILS_PER_PLACE, seconds=HOUR, at=at)
            and allowed(f"{self.what}-to", address, most=MAILS_PER_ADDRESS, seconds=HOUR, at=at)
        ):
            form.add_error(None, _(
                "Too many mails were asked for. Look among the unwanted mails, or try again in an "
                "hour."
            ))  # fmt: skip
            return self.render_to_response(self.get_context_data(form=form), status=429)
        self.send(form, address, at)
        return redirect(self.get_success_url())

    def send(self, form, address, at):
        raise NotImplementedError


class Register(Mailing):
    """A person registers; which address is somebody's already stays between us and its owner."""

    template_name = "tenants/register.html"
    form_class = RegisterForm
    what = "register"
    success_url = reverse_lazy("tenants:registered")

    def get(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect("tenants:my-account")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, next=next_of(self.request))

    def send(self, form, address, at):
        language = get_language()
        try:
            account = letting.register_person(
                address=address, name=form.cleaned_data["name"], terms_version=terms.CURRENT,
                language=language, at=at,
            )  # fmt: skip
        except SomeoneWasFaster:  # the same form sent twice: one mail is on its way
            return
        if account is None:
            mail(
                address, language=language, subject=gettext_lazy("You have an account already"),
                words=gettext_lazy("Somebody, probably you, wanted to register with this address, which "
                            "has an account. Log in; if the password is forgotten, set a new one."),
                link=gettext_lazy("Log in"), url="/accounts/login/",
            )  # fmt: skip
            return
        link = reverse("tenants:confirm", args=[account.pk, confirm_link.make_token(account)])
        mail(
            address, language=language, subject=gettext_lazy("Confirm your address"),
            words=gettext_lazy("Welcome! Open the link to confirm this address and to choose your "
                        "password. It works once and for a day."),
            link=gettext_lazy("Confirm and choose a password"), url=with_next(link, next_of(self.request)),
        )  # fmt: skip


class Registered(TemplateView):
    template_name = "tenants/registered.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, hours=settings.PASSWORD_RESET_TIMEOUT // 3600)


class Confirm(View):
    """The link of the mail. Opening it changes nothing, as mail programs open links themselves."""

    @cached_property
    def account(self):
        rows = Account.objects.select_related("user")
        return rows.filter(pk=self.kwargs["pk"], erased_at=None).first()

    def dispatch(self, request, *args, **kwargs):
        account, token = self.account, kwargs["token"]
        if account and confirm_link.check_token(account, token):
            return super().dispatch(request, *args, **kwargs)
        used = account is not None and confirm_link.was_used(account, token)
        return self.dead(used)

    def dead(self, used):
        context = {"used": used, "next": next_of(self.request)}
        return render(self.request, "tenants/link_dead.html", context, status=410)

    def get(self, request, pk, token):
        return self.shown(SetPasswordForm(self.account.user))

    def post(self, request, pk, token):
        form = SetPasswordForm(self.account.user, request.POST)
        if not form.is_valid():
            return self.shown(form)
        try:
            account = letting.confirm_person(
                account=self.account, password=form.cleaned_data["new_password1"],
                at=timezone.now(),
            )  # fmt: skip
        except LinkUsed:
            return self.dead(used=True)
        login(request, account.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        messages.success(request, _("Your address is confirmed. Now say for whom you act."))
        return redirect(with_next(reverse("tenants:join"), next_of(request)))

    def shown(self, form):
        context = {"form": form, "account": self.account, "next": next_of(self.request)}
        return render(self.request, "tenants/confirm.html", context)


class Terms(TemplateView):
    """The newest terms, or those of a version that somebody agreed to earlier."""

    template_name = "tenants/terms.html"

    def get_context_data(self, **kwargs):
        version = kwargs.setdefault("version", terms.CURRENT)
        if version not in terms.VERSIONS:
            raise Http404
        text = terms.template(version, get_language())
        return super().get_context_data(**kwargs, since=terms.VERSIONS[version], text=text)


class Forgotten(Mailing):
    template_name = "tenants/forgotten.html"
    form_class = ForgottenForm
    what = "forgotten"
    success_url = reverse_lazy("tenants:forgotten-sent")

    def send(self, form, address, at):
        form.save(language=get_language())


class ForgottenSent(TemplateView):
    template_name = "tenants/forgotten_sent.html"


class NewPassword(auth_views.PasswordResetConfirmView):
    """Whoever has the mailbox sets a password; the wrong ones tried before no longer lock it."""

    template_name = "tenants/new_password.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form):
        answer = super().form_valid(form)
        reset(username=normalised(self.user.username))
        messages.success(self.request, _("Your new password is set. Log in with it."))
        return answer
