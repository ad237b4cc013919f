"""The operator's workbook in and out: read, check against the database, apply, undo, export."""
