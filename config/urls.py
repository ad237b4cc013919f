from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from config.views.access import LogIn, set_language
from config.views.health import healthz
from config.views.home import home, search
from maps.geo.api import router as geo_files

urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("healthz", healthz, name="healthz"),
    path("accounts/login/", LogIn.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/",
        auth_views.PasswordChangeView.as_view(),
        name="password_change",
    ),
    path(
        "accounts/password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
    path("i18n/setlang/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("parks.urls")),
    path("", include("tenants.urls")),
    path("", include("incubation.urls")),
    path("", include("maps.urls")),
    # Before ``api``, whose last address answers everything else that is not there.
    path("api/v1/", include((geo_files.urls, "geo-api"))),
    path("api/v1/", include("api.urls")),
]
