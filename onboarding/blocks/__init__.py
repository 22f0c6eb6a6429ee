"""How a form, a rubric and a plan are edited: blocks for the editor, and the way from a document to blocks and back. No model."""
