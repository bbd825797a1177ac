"""What people do in a community that decides for itself, by subject.

``asking``: a question comes before its circles. ``outcomes``: what follows when it is decided.
``amending``: the charter. ``electing`` and ``recalling``: offices. ``carrying``: a word to the
wider circle. ``time``: what time alone causes, and how a move of deliberation is done here.
"""
