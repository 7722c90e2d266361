"""Pages about programmes: for everybody, and for the school that offers them."""
