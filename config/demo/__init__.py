"""The demonstration district: everything in it is fictitious, its geometry indicative."""
