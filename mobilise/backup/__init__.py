"""The whole instance in one file, and back: database, documents, keys."""
