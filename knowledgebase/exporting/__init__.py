"""A knowledge base as a book: a project of MyST and Jupyter Book 2 that builds, and that an import makes the same articles of."""

from knowledgebase.exporting.book import as_they_stand, files_of, published, readable, write_folder, write_zip

__all__ = ["as_they_stand", "files_of", "published", "readable", "write_folder", "write_zip"]
