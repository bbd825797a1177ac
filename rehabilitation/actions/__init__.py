"""What people do around a placement and in a house, by subject.

``placing``: from a council's decision to somebody's arrival. ``ending``: how a placement ends, by
a move or by its days. ``moving``: to another house. ``locks``: the scene every action happens in.
``challenging``: the person asks others to look again. ``reviewing``: the council's reviews, and
the hearing of a challenge. ``living``: measures, check-ins, visits, incidents, wishes.
``staying``: the time after. ``news``: what a person harmed asked to be told. ``houses``: a house,
who serves in it, and its assembly. ``time``: what time alone causes.
"""
