"""What people do around a council drawn by lot, by subject.

``pool``: joining and leaving the hat, ties. ``forming``: a council for a case, who is in the
hat and who is out. ``rosters``: who stands behind a draw's tokens.
``drawing``: prepare and commit. ``beacons``: what decides, and the result. ``seating``: yes,
no, aside.
``challenging``: a party's doubt about a member. ``stepping_down``: ties that come up later.
``sitting``: who somebody is to one council. ``words``: what parties write to it. ``sharing``:
what of the talks it may read. ``packet``: what it reads. ``hearings``: when it listens.
``time``: what time alone causes.
"""
