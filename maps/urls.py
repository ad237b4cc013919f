from django.urls import path

from maps import checks, vacancies, views
from maps.geo import views as geo
from maps.imdf.views import ImportImdf
from maps.vacant_unit import VacantUnit

app_name = "maps"


def scene(prefix, level):
    """The four addresses of a map: page, document, data — and the page once more by its level."""
    page = views.MapPage.as_view(level=level)
    return [
        path(prefix, page, name=level),
        path(prefix, page, name=f"{level}-page"),
        path(
            f"{prefix}document/", views.MapDocument.as_view(level=level), name=f"{level}-document"
        ),
        path(f"{prefix}data/", views.MapData.as_view(level=level), name=f"{level}-data"),
    ]


urlpatterns = [
    *scene("maps/", "district"),
    *scene("maps/parks/<str:code>/", "park"),
    *scene("maps/buildings/<int:pk>/", "building"),
    path("maps/units/<int:pk>/panel/", views.UnitPanel.as_view(), name="unit-panel"),
    path("maps/floors/<int:pk>/check/", checks.FloorCheck.as_view(), name="floor-check"),
    path(
        "maps/floors/<int:pk>/check/document/",
        checks.FloorCheckDocument.as_view(),
        name="floor-check-document",
    ),
    path(
        "maps/floors/<int:pk>/check/data/",
        checks.FloorCheckData.as_view(),
        name="floor-check-data",
    ),
    path("maps/imdf/", ImportImdf.as_view(), name="imdf"),
    path("files/", geo.Hub.as_view(), name="files"),
    path("files/geo/", geo.GeoFiles.as_view(), name="geo-files"),
    path("files/geo/export/", geo.GeoExport.as_view(), name="geo-export"),
    path("files/geo/<int:pk>/", geo.GeoFile.as_view(), name="geo-file"),
    path("files/geo/<int:pk>/document/", geo.GeoFileDocument.as_view(), name="geo-file-document"),
    path("files/geo/<int:pk>/data/", geo.GeoFileData.as_view(), name="geo-file-data"),
    path("files/geo/<int:pk>/apply/", geo.ApplyGeoFile.as_view(), name="geo-file-apply"),
    path("files/geo/<int:pk>/discard/", geo.DiscardGeoFile.as_view(), name="geo-file-discard"),
    path("vacancies/", vacancies.Vacancies.as_view(), name="vacancies"),
    path("vacancies/units/<int:pk>/", VacantUnit.as_view(), name="vacant-unit"),
    path("vacancies/document/", vacancies.VacancyDocument.as_view(), name="vacancies-document"),
    path("vacancies/data/", vacancies.VacancyData.as_view(), name="vacancies-data"),
]
