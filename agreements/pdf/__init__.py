"""The agreement on paper: plain data in, one PDF out; other papers share its type and rules.

Nothing here reads a model or the network. The file is PDF/UA-1 (it can be read
aloud, in order) and PDF/A-2a (it can still be opened in thirty years) at once.
"""

from agreements.pdf.contents import Paper, PaperCommitment, PaperSignature
from agreements.pdf.page import (
    Words,
    clean,
    clean_text,
    isolated,
    paragraphs,
    to_html,
)
from agreements.pdf.typesetting import render, typeset

__all__ = [
    "Paper", "PaperCommitment", "PaperSignature", "Words", "clean", "clean_text",
    "isolated",
    "paragraphs", "render", "to_html", "typeset",
]  # fmt: skip
