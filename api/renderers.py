"""Lists as CSV, workbook and GeoJSON: every row the filter finds, one page never."""

import csv
import io
import json

import shapely
from openpyxl import Workbook
from rest_framework.renderers import BaseRenderer, JSONRenderer

from parks.tables import safe_cell


class ProblemJSONRenderer(JSONRenderer):
    """JSON, labelled as a problem where it is one."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        answer = renderer_context and renderer_context.get("response")
        if answer is not None and getattr(answer, "problem", False):
            answer["Content-Type"] = "application/problem+json"
        return super().render(data, accepted_media_type, renderer_context)


def cell(value):
    """A value of the answer as one cell; what is nested stays JSON."""
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return safe_cell(value)


class _TableRenderer(BaseRenderer):
    table = True
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        answer = renderer_context["response"]
        if getattr(answer, "problem", False):
            answer["Content-Type"] = "application/problem+json"
            return json.dumps(data, default=str).encode()
        if data is None:
            return b""
        rows = data if isinstance(data, list) else [data]
        heading = [
            key
            for key in (rows[0] if rows else {})
            if key not in ("outline", "boundary", "footprint")
        ]
        lines = ([cell(row.get(key)) for key in heading] for row in rows)
        return self.write([heading, *lines])


class CSVRenderer(_TableRenderer):
    media_type, format = "text/csv", "csv"

    def write(self, lines):
        out = io.StringIO(newline="")
        csv.writer(out).writerows(lines)
        return ("\ufeff" + out.getvalue()).encode()


class XLSXRenderer(_TableRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    render_style = "binary"

    def write(self, lines):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("rows")
        for line in lines:
            sheet.append([str(v) if isinstance(v, bool) else v for v in line])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


class GeoJSONRenderer(BaseRenderer):
    media_type, format, table, charset = "application/geo+json", "geojson", True, None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        answer = renderer_context["response"]
        if getattr(answer, "problem", False):
            answer["Content-Type"] = "application/problem+json"
            return json.dumps(data, default=str).encode()
        column = renderer_context["view"].geometry_column
        features = []
        for row in data if isinstance(data, list) else [data]:
            row = dict(row)
            shape = row.pop(column, None)
            features.append({"type": "Feature", "geometry": shape, "properties": row})
        return json.dumps(
            {"type": "FeatureCollection", "features": features}, ensure_ascii=False, default=str
        ).encode()


def as_geojson(shape):
    """A shapely geometry as the dict of its GeoJSON, None for none."""
    return None if shape is None else json.loads(shapely.to_geojson(shape))
