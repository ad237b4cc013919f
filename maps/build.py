"""The Folium document: Leaflet from here, geometry fetched after the first pixels."""

import folium
from branca.element import MacroElement
from django.conf import settings
from django.templatetags.static import static
from jinja2 import Template

#: The middle of 望城区, shown when there is nothing to fit to.
HOME = [28.35, 112.84]


class Features(MacroElement):
    """Asks ``draw.js`` to fetch ``source`` (GeoJSON) and draw it, fitting the map to ``bounds``."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "drawFeatures({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, **options):
        super().__init__()
        self._name = "Features"
        self.options = options


def build_map(*, source, bounds, outline="", zoom_to=None) -> str:
    """HTML of a document that draws ``source``; ``outline`` is drawn beneath without fill.

    The base map is a setting and none by default. No text from people is in this document.
    """
    drawn = folium.Map(
        location=HOME, zoom_start=11, tiles=None, prefer_canvas=True, control_scale=True,
        max_zoom=24, zoom_snap=0.25, attribution_control=bool(settings.BASEMAP_URL),
    )  # fmt: skip
    drawn.default_js = [
        ("leaflet", static("vendor/leaflet/leaflet.js")),
        ("draw", static("maps/draw.js")),
    ]
    drawn.default_css = [
        ("leaflet_css", static("vendor/leaflet/leaflet.css")),
        ("draw_css", static("maps/draw.css")),
    ]
    for address in (settings.BASEMAP_URL, settings.BASEMAP_LABELS_URL):
        if address:
            folium.TileLayer(
                address.replace("{key}", settings.BASEMAP_KEY),
                attr=settings.MAP_APPROVAL_NUMBER or " ",
                max_zoom=24,
                max_native_zoom=18,
                control=False,
            ).add_to(drawn)
    Features(source=source, outline=outline, bounds=bounds).add_to(drawn)
    return drawn.get_root().render()
