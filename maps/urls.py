from django.urls import path

from maps import vacancies, views

app_name = "maps"


def scene(prefix, level):
    """The four addresses of a map: page, document, data — and the page once more by its level."""
    page = views.MapPage.as_view(level=level)
    return [
        path(prefix, page, name=level),
        path(prefix, page, name=f"{level}-page"),
        path(f"{prefix}document/", views.MapDocument.as_view(level=level), name=f"{level}-document"),
        path(f"{prefix}data/", views.MapData.as_view(level=level), name=f"{level}-data"),
    ]


urlpatterns = [
    *scene("maps/", "district"),
    *scene("maps/parks/<str:code>/", "park"),
    *scene("maps/buildings/<int:pk>/", "building"),
    path("maps/outline/", views.Outline.as_view(), name="outline"),
    path("maps/units/<int:pk>/panel/", views.UnitPanel.as_view(), name="unit-panel"),
    path("vacancies/", vacancies.Vacancies.as_view(), name="vacancies"),
]
