"""Files of other GIS programs: what came in, what it means here, and what goes out."""
