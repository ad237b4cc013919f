"""The table of a map as a file: exactly the rows and columns of the frame."""

import io
import json

import pandas as pd
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from maps.layers import geojson
from parks.tables import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_of(frame, *, on) -> pd.DataFrame:
    """The frame without shapes, the day in front. Text that a spreadsheet would take for a formula
    is kept from being one by an apostrophe."""
    table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    for column in table.columns:
        table[column] = [_plain(value) for value in table[column]]
    table.insert(0, "on", on.isoformat())
    return table


def _plain(value):
    if value is None or value != value:
        return None
    return safe_cell(value)


def download(frame, *, on, name, kind) -> HttpResponse:
    """``kind``: csv (UTF-8 with a mark, as spreadsheets expect), xlsx or geojson (WGS 84)."""
    if kind == "geojson":
        rows = json.loads(
            pd.DataFrame(frame.drop(columns="geometry")).to_json(
                orient="records", default_handler=str, date_format="iso", force_ascii=False
            )
        )
        rows = [{"on": on.isoformat(), **row} for row in rows]
        content, content_type = geojson(frame, rows), "application/geo+json"
    elif kind == "xlsx":
        buffer = io.BytesIO()
        table_of(frame, on=on).to_excel(buffer, index=False)
        content, content_type = buffer.getvalue(), XLSX
    else:
        content = "\ufeff" + table_of(frame, on=on).to_csv(index=False, lineterminator="\r\n")
        content_type = "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-{on.isoformat()}.{kind}"'
    return response


def gis_links(layer, *, on, park=None) -> list[tuple[str, str]]:
    """Names and addresses of a layer as GIS files, written by ``maps.geo.writing``."""
    where = {"layer": layer, "on": on, **({"park": park.code} if park else {})}
    return [
        (kind, f"{reverse('maps:geo-export')}?{urlencode(where | {'format': kind})}")
        for kind in ("gpkg", "shp.zip")
    ]
