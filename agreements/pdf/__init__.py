"""The agreement on paper: plain data in, one PDF out.

Nothing here reads a model or the network. The file is PDF/UA-1 (it can be read
aloud, in order) and PDF/A-2a (it can still be opened in thirty years) at once.
"""

from agreements.pdf.contents import Paper, PaperCommitment, PaperSignature
from agreements.pdf.page import Words, clean_text, day_in_words, paragraphs_of, to_html
from agreements.pdf.typesetting import print_page, render

__all__ = [
    "Paper", "PaperCommitment", "PaperSignature", "Words", "clean_text", "day_in_words",
    "paragraphs_of", "print_page", "render", "to_html",
]  # fmt: skip
