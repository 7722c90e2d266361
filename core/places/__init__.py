"""Four-digit postcodes: what packages say about the whole country, and exact files on top of that."""
