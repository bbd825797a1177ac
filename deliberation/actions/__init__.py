"""What people do in a circle, by subject.

``circles``: who has a voice. ``proposing``: a proposal from its first words to its withdrawal.
``speaking``: turns and positions. ``integrating``: what becomes of an objection. ``voting``:
votes, concerns and amendments gauged. ``together``: several circles. ``time``: what time alone
causes; every action does it first, so that it is the same whether or not ``tick`` came between.
``rounds`` and ``ballots`` move the two machines on; nobody calls them from outside.
"""
