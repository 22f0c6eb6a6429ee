"""Folders of Markdown or MyST become articles: read, split into blocks, written; run again they update."""

from knowledgebase.importing.reading import FolderProblem
from knowledgebase.importing.writing import Report, import_folder

__all__ = ["FolderProblem", "Report", "import_folder"]
