"""Articles, their images and documents."""

from knowledgebase.models.files import ArticleDocument, ArticleImage, ArticleRendition

__all__ = ["ArticleDocument", "ArticleImage", "ArticleRendition"]
