"""Folders of Markdown or MyST become articles: read, split into blocks, written; run again they update."""

from knowledgebase.importing.reading import FolderProblem
from knowledgebase.importing.reporting import Report
from knowledgebase.importing.writing import import_folder, rehearse

__all__ = ["FolderProblem", "Report", "import_folder", "rehearse"]
