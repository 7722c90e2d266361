"""How a text is read, step by step; `taxonomy.extract` is the face of it."""
