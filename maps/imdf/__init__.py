"""Indoor Mapping Data Format (OGC community standard 1.0.0) in and out: reader → importer; exporter."""
