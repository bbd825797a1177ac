"""The fate of every field that may hold people's words, or say who somebody is.

One line for each: what becomes of it when its case is forgotten, and whose it is when somebody
takes what Amends holds of them. ``test_fates`` walks all models and holds them against this table,
so that a new field without a fate makes it red; ``test_forgotten_words`` and ``test_own_export``
write a secret into each and look what became of it.
"""

EMPTIED = "emptied"
GOES = "goes with its row"
NOBODY = "nobody stands there instead"


def stays(why: str) -> str:
    """What is left when the case is forgotten, and why."""
    return f"stays: {why}"


def theirs(whose: str) -> str:
    """Who takes it with them."""
    return f"theirs: {whose}"


def paper(whose: str) -> str:
    """Who takes it with them, as a PDF beside the pages."""
    return f"on paper: {whose}"


def none(why: str) -> str:
    """Nobody takes it with them, and why."""
    return f"none: {why}"


# ── Reasons given more than once ─────────────────────────────────────────────

CODE = stays("a code, a digest or a day of ours, and nobody's words")
NO_WORDS = none("nobody's words")
OF_COMMUNITY = stays("the community's own, and of no case")
OFFICE = stays("an office held; the case it was held in is empty")
SEAT = stays("it counts for its member's rest and most seats in a life, whatever the case was")
PERSON_STAYS = stays("of who lives on here; emptied of who was here for this case alone")
PUBLISHED = stays("published with the draw, and names nobody")
RECORD = stays("the record: references and digests, which nobody can change")
BY_ITSELF = none("says who; what they wrote is exported by its own line")
MOVES_ON = none("what was on its way, and not what is held")
SIGN_IN = none("a key to sign in with, which is never given out")
NOT_OURS = stays("of no case: it belongs to the server")
SIDES = theirs("both sides of the case, as on their page")
OWN_WORD = theirs("whoever said it")
RESIDENT = theirs("the resident")
AT_OFFICE = theirs("who wrote it, while they serve; and the resident it is about")

FATES: dict[str, dict[str, tuple[str, str]]] = {
    # ── agreements ──
    "agreements.Agreement": {
        "account": (EMPTIED, SIDES),
        "proportion_reason": (EMPTIED, paper("who may print the agreement")),
        "check_code": (CODE, NO_WORDS),
    },
    "agreements.Commitment": {"what": (EMPTIED, SIDES), "if_missed": (EMPTIED, SIDES)},
    "agreements.Entry": {
        "by": (NOBODY, BY_ITSELF),
        "note": (EMPTIED, OWN_WORD),
        "word": (EMPTIED, theirs("whom it was promised to")),
    },
    "agreements.Signature": {
        "signed_by": (NOBODY, BY_ITSELF),
        "witness": (EMPTIED, none("the name of somebody else, who saw it signed")),
        "digest": (CODE, NO_WORDS),
    },
    "agreements.Suggestion": {
        "adviser": (CODE, NO_WORDS),
        "evidence": (stays("counts of other cases, and nobody's words"), NO_WORDS),
        "sentences": (EMPTIED, none("words of people of other cases")),
        "reason": (EMPTIED, none("the answer of an office to what other cases teach")),
    },
    # ── api ──
    "api.ApiToken": {"person": (NOT_OURS, SIGN_IN), "token_hash": (NOT_OURS, SIGN_IN)},
    "api.IdempotencyKey": {
        "person": (stays("for 30 days, long before any case is forgotten"), MOVES_ON),
        "key": (stays("for 30 days, long before any case is forgotten"), MOVES_ON),
        "url": (stays("for 30 days, long before any case is forgotten"), MOVES_ON),
        "request_digest": (CODE, MOVES_ON),
        "body": (stays("for 30 days, long before any case is forgotten"), MOVES_ON),
    },
    # ── cases ──
    "cases.Case": {
        "reference": (stays("that there was a case"), theirs("everybody with a place in it")),
        "title": (EMPTIED, theirs("everybody with a place in it")),
        "account": (EMPTIED, none("what somebody told of others; read in an office alone")),
        "referral": (EMPTIED, none("what somebody told of others; read in an office alone")),
        "kind": (stays("a figure: the kind of harm"), NO_WORDS),
        "fingerprint": (
            stays("without it the same spreadsheet would bring the case back"), NO_WORDS,
        ),
        "holds": (CODE, NO_WORDS),
        "asked_about": (CODE, NO_WORDS),
        "asked_for": (CODE, NO_WORDS),
    },
    "cases.CaseUserObjectPermission": {"user": (GOES, NO_WORDS)},
    "cases.Consent": {
        "stage": (CODE, NO_WORDS),
        "text": (EMPTIED, theirs("whoever said yes to it")),
        "language": (CODE, NO_WORDS),
        "witness": (EMPTIED, none("the name of somebody else, who saw it given")),
    },
    "cases.Harm": {"what": (EMPTIED, SIDES)},
    "cases.Note": {
        "author": (GOES, BY_ITSELF),
        "text": (GOES, theirs("a party who reads its room, and who wrote it")),
    },
    "cases.Participation": {
        "person": (stays("an office; of everybody inside, the row goes"), NO_WORDS),
    },
    "cases.Party": {
        "person": (NOBODY, NO_WORDS),
        "how_to_reach": (EMPTIED, none("the mediators' own working note")),
        "safety_answers": (EMPTIED, none("what was said about the other side is never shown")),
        "safety_flags": (EMPTIED, none("the mediators' own working note")),
        "closing_word": (EMPTIED, SIDES),
    },
    # ── communities ──
    "communities.Absence": {
        "by": (OF_COMMUNITY, NO_WORDS),
        "counted": (OF_COMMUNITY, NO_WORDS),
    },
    "communities.CharterVersion": {"rules": (OF_COMMUNITY, NO_WORDS)},
    "communities.Community": {
        "slug": (OF_COMMUNITY, NO_WORDS),
        "name": (OF_COMMUNITY, NO_WORDS),
        "screening_questions": (OF_COMMUNITY, NO_WORDS),
    },
    "communities.Membership": {"person": (OF_COMMUNITY, theirs("the member"))},
    "communities.Question": {
        "by": (OF_COMMUNITY, BY_ITSELF),
        "author": (OF_COMMUNITY, BY_ITSELF),
        "person": (OF_COMMUNITY, BY_ITSELF),
        "office": (OF_COMMUNITY, NO_WORDS),
        "word": (OF_COMMUNITY, theirs("the person the question is about")),
    },
    "communities.Terms": {
        "data": (OF_COMMUNITY, NO_WORDS),
        "reason": (OF_COMMUNITY, theirs("whoever proposed it")),
    },
    "communities.Trial": {
        "rule": (OF_COMMUNITY, NO_WORDS),
        "back": (OF_COMMUNITY, NO_WORDS),
    },
    "communities.VoteRest": {
        "person": (OF_COMMUNITY, none("a day they set, shown to them where they set it")),
    },
    # ── councils ──
    "councils.Appeal": {"words": (EMPTIED, theirs("the party who appealed"))},
    "councils.Challenge": {"reason": (EMPTIED, theirs("the party whose doubt it is"))},
    "councils.ChallengeAnswer": {
        "reason": (EMPTIED, theirs("who answered; and the party whose doubt it is")),
    },
    "councils.Contribution": {
        "person": (NOBODY, NO_WORDS),
        "h": (PUBLISHED, NO_WORDS),
        "secret": (PUBLISHED, NO_WORDS),
    },
    "councils.Council": {
        "public_id": (CODE, NO_WORDS),
        "process_guardian": (OFFICE, NO_WORDS),
    },
    "councils.Decision": {
        "account": (EMPTIED, SIDES),
        "proportion_reason": (EMPTIED, theirs("the member who wrote it")),
        "support": (EMPTIED, SIDES),
    },
    "councils.Draw": {
        "public_id": (PUBLISHED, NO_WORDS),
        "drawn_from": (PUBLISHED, NO_WORDS),
        "widened": (PUBLISHED, NO_WORDS),
        "quotas": (PUBLISHED, NO_WORDS),
        "relaxed": (PUBLISHED, NO_WORDS),
        "relaxed_because": (EMPTIED, none("an office's reason, about nobody")),
        "problem": (CODE, NO_WORDS),
        "beacons": (PUBLISHED, NO_WORDS),
        "out": (PUBLISHED, NO_WORDS),
        "commitment": (PUBLISHED, NO_WORDS),
        "min_chance": (PUBLISHED, NO_WORDS),
        "witnesses": (EMPTIED, none("the names of others, who saw the dice")),
        "sources": (PUBLISHED, NO_WORDS),
        "beacon": (PUBLISHED, NO_WORDS),
        "panel": (PUBLISHED, NO_WORDS),
        "void_reason": (PUBLISHED, theirs("everybody: it is public why a draw does not count")),
        "void_asked_by": (OFFICE, NO_WORDS),
    },
    "councils.DrawRecord": {"body": (PUBLISHED, none("public: anybody reads it"))},
    "councils.Finding": {"grounds": (EMPTIED, SIDES)},
    "councils.Hearing": {"place": (EMPTIED, theirs("who is asked to it"))},
    "councils.Invitation": {"needs": (EMPTIED, theirs("the party who said it"))},
    "councils.Packet": {"by": (OFFICE, NO_WORDS)},
    "councils.PacketItem": {"text": (EMPTIED, paper("both sides, about whom it is"))},
    "councils.PlanChange": {"typed": (GOES, theirs("the member who wrote it"))},
    "councils.PlannedPromise": {"what": (EMPTIED, SIDES), "if_missed": (EMPTIED, SIDES)},
    "councils.PoolPlace": {
        "person": (stays("of a pool, and of no case"), NO_WORDS),
        "features": (stays("of a pool, and of no case"), theirs("the member")),
    },
    "councils.Recall": {
        "by": (NOBODY, BY_ITSELF),
        "reason": (EMPTIED, theirs("who asked, and the member it is about")),
        "word": (EMPTIED, theirs("the member it is about")),
    },
    "councils.RosterEntry": {
        "person": (SEAT, NO_WORDS),
        "token": (PUBLISHED, NO_WORDS),
        "salt": (EMPTIED, none("with it, others could be found behind their tokens")),
        "described": (EMPTIED, none("what the pool says of them, exported as that")),
        "household": (EMPTIED, none("says who lives with whom")),
        "why_not": (EMPTIED, none("may say who is tied to whom; their page says it to them")),
    },
    "councils.SafetyFinding": {
        "threat": (EMPTIED, theirs("the person it is about")),
        "alternatives": (EMPTIED, theirs("the person it is about")),
        "limits": (EMPTIED, SIDES),
        "aims": (EMPTIED, theirs("the person it is about")),
    },
    "councils.Seat": {"person": (SEAT, theirs("the member"))},
    "councils.Word": {
        "by": (GOES, BY_ITSELF),
        "text": (GOES, theirs("the party whose word it is")),
    },
    # ── deliberation ──
    "deliberation.Amendment": {"text": (GOES, OWN_WORD)},
    "deliberation.ByConsent": {"seed": (CODE, NO_WORDS)},
    "deliberation.BySupermajority": {"seed": (CODE, NO_WORDS)},
    "deliberation.Circle": {
        "subject_kind": (CODE, NO_WORDS),
        "subject_id": (CODE, NO_WORDS),
        "reference": (stays("that there was a case"), NO_WORDS),
        "page": (CODE, NO_WORDS),
        "aim": (EMPTIED, none("what a circle is for, and nobody's own word")),
        "guide": (OFFICE, NO_WORDS),
    },
    "deliberation.Combined": {"subject_kind": (CODE, NO_WORDS), "subject_id": (CODE, NO_WORDS)},
    "deliberation.Concern": {"text": (GOES, OWN_WORD)},
    "deliberation.Objection": {"why": (GOES, OWN_WORD)},
    "deliberation.Proposal": {"why": (CODE, NO_WORDS)},
    "deliberation.Remark": {"text": (GOES, OWN_WORD)},
    "deliberation.SettingAside": {"reason": (GOES, OWN_WORD)},
    "deliberation.TextVersion": {"text": (EMPTIED, OWN_WORD)},
    "deliberation.Turn": {
        "state": (GOES, NO_WORDS),
        "word": (GOES, OWN_WORD),
        "answer": (GOES, OWN_WORD),
    },
    "deliberation.Voice": {"person": (NOBODY, NO_WORDS)},
    # ── desk ──
    "desk.Receipt": {"reporter": (GOES, NO_WORDS), "code_hash": (GOES, SIGN_IN)},
    "desk.Tries": {"digest": (CODE, NO_WORDS)},
    # ── mediation ──
    "mediation.Meeting": {"place": (EMPTIED, SIDES)},
    # ── notices ──
    "notices.Delivery": {"way": (GOES, MOVES_ON)},
    "notices.Notice": {
        "person": (GOES, BY_ITSELF),
        "code": (GOES, theirs("who was told, in words")),
        "params": (GOES, theirs("who was told, in words")),
        "case_reference": (GOES, theirs("who was told")),
        "key": (GOES, NO_WORDS),
    },
    # ── people ──
    "people.Licence": {"person": (OFFICE, theirs("the mediator"))},
    "people.NamedTie": {
        "person": (PERSON_STAYS, theirs("who named it")),
        "name": (PERSON_STAYS, theirs("who named it")),
        "name_index": (PERSON_STAYS, NO_WORDS),
    },
    "people.Person": {
        "password": (PERSON_STAYS, SIGN_IN),
        "username": (PERSON_STAYS, theirs("themselves")),
        "email": (PERSON_STAYS, theirs("themselves")),
        "name": (PERSON_STAYS, theirs("themselves")),
        "name_index": (PERSON_STAYS, NO_WORDS),
        "contact": (PERSON_STAYS, theirs("themselves")),
        "born": (PERSON_STAYS, theirs("themselves")),
        "language": (PERSON_STAYS, theirs("themselves")),
    },
    "people.Tie": {
        "one": (PERSON_STAYS, theirs("who declared it")),
        "other": (PERSON_STAYS, theirs("who declared it")),
    },
    # ── records ──
    "records.Access": {
        "reader": (GOES, theirs("the parties: who opened their case")),
        "case_reference": (GOES, theirs("the parties: who opened their case")),
        "room": (GOES, theirs("the parties: who opened their case")),
    },
    "records.Chain": {
        "kind": (RECORD, NO_WORDS),
        "subject_id": (RECORD, NO_WORDS),
        "head_hash": (RECORD, NO_WORDS),
    },
    "records.Event": {
        "kind": (RECORD, NO_WORDS),
        "subject_id": (RECORD, NO_WORDS),
        "code": (RECORD, theirs("who reads the case's history, in words")),
        "by": (RECORD, NO_WORDS),
        "data": (RECORD, NO_WORDS),
        "key_id": (RECORD, NO_WORDS),
        "prev_hash": (RECORD, NO_WORDS),
        "hash": (RECORD, NO_WORDS),
    },
    "records.Seal": {
        "heads": (RECORD, NO_WORDS),
        "digest": (RECORD, NO_WORDS),
        "key_id": (RECORD, NO_WORDS),
    },
    # ── rehabilitation ──
    "rehabilitation.CheckIn": {
        "by": (NOBODY, BY_ITSELF),
        "words": (EMPTIED, AT_OFFICE),
        "own_word": (EMPTIED, RESIDENT),
    },
    "rehabilitation.House": {
        "slug": (OF_COMMUNITY, NO_WORDS),
        "name": (OF_COMMUNITY, NO_WORDS),
        "public_words": (OF_COMMUNITY, none("public: anybody reads it")),
    },
    "rehabilitation.HouseMeeting": {
        "by": (NOBODY, BY_ITSELF),
        "minutes": (EMPTIED, theirs("who wrote them, while they live or serve there")),
    },
    "rehabilitation.HouseOffice": {"person": (OFFICE, NO_WORDS)},
    "rehabilitation.HouseQuestion": {
        "touches": (CODE, NO_WORDS),
        "person": (OFFICE, NO_WORDS),
        "struck_right": (CODE, NO_WORDS),
        "struck_because": (
            stays("why a rule of the house never held: about a rule, and nobody"),
            theirs("the visitor, while they serve"),
        ),
    },
    "rehabilitation.Incident": {
        "reported_by": (NOBODY, BY_ITSELF),
        "house_account": (EMPTIED, AT_OFFICE),
        "own_account": (EMPTIED, RESIDENT),
    },
    "rehabilitation.Measure": {
        "aim": (EMPTIED, RESIDENT),
        "offered_by": (EMPTIED, RESIDENT),
        "reason": (EMPTIED, RESIDENT),
        "own_word": (EMPTIED, RESIDENT),
    },
    "rehabilitation.Placement": {
        "person": (NOBODY, RESIDENT),
        "told_in": (CODE, NO_WORDS),
        "accepted_text": (EMPTIED, RESIDENT),
        "order_number": (EMPTIED, RESIDENT),
        "order_by": (EMPTIED, RESIDENT),
    },
    "rehabilitation.PlacementChallenge": {
        "words": (EMPTIED, RESIDENT),
        "reasons": (EMPTIED, RESIDENT),
    },
    "rehabilitation.Review": {
        "packet": (EMPTIED, RESIDENT),
        "own_word": (EMPTIED, RESIDENT),
        "supporter": (EMPTIED, RESIDENT),
    },
    "rehabilitation.SupportMeeting": {
        "by": (NOBODY, BY_ITSELF),
        "words": (EMPTIED, theirs("the resident, and who wrote it")),
    },
    "rehabilitation.SupportMember": {"person": (GOES, NO_WORDS)},
    "rehabilitation.TransitionPlan": {
        "words": (EMPTIED, RESIDENT),
        "own_word": (EMPTIED, RESIDENT),
    },
    "rehabilitation.Visit": {
        "by": (NOBODY, BY_ITSELF),
        "words": (EMPTIED, AT_OFFICE),
        "own_word": (EMPTIED, RESIDENT),
    },
    "rehabilitation.Wish": {
        "words": (EMPTIED, RESIDENT),
        "answer": (EMPTIED, AT_OFFICE),
        "answered_by": (NOBODY, BY_ITSELF),
    },
    # ── of others, who made the packages we stand on ──
    "account.EmailAddress": {"user": (NOT_OURS, SIGN_IN), "email": (NOT_OURS, SIGN_IN)},
    "account.EmailConfirmation": {"key": (NOT_OURS, SIGN_IN)},
    "auth.Group": {"name": (NOT_OURS, NO_WORDS)},
    "auth.Permission": {"name": (NOT_OURS, NO_WORDS), "codename": (NOT_OURS, NO_WORDS)},
    "contenttypes.ContentType": {"app_label": (NOT_OURS, NO_WORDS), "model": (NOT_OURS, NO_WORDS)},
    "django_tasks_database.DBTaskResult": {
        "args_kwargs": (stays("the number of a draw, and nobody's words"), MOVES_ON),
        "task_path": (NOT_OURS, NO_WORDS),
        "worker_ids": (NOT_OURS, NO_WORDS),
        "queue_name": (NOT_OURS, NO_WORDS),
        "backend_name": (NOT_OURS, NO_WORDS),
        "return_value": (NOT_OURS, NO_WORDS),
        "exception_class_path": (NOT_OURS, NO_WORDS),
        "traceback": (NOT_OURS, NO_WORDS),
    },
    "guardian.GroupObjectPermission": {
        "object_pk": (stays("no case: those have a table of their own"), NO_WORDS),
    },
    "guardian.UserObjectPermission": {
        "object_pk": (stays("no case: those have a table of their own"), NO_WORDS),
        "user": (stays("no case: those have a table of their own"), NO_WORDS),
    },
    "mfa.Authenticator": {"user": (NOT_OURS, SIGN_IN), "data": (NOT_OURS, SIGN_IN)},
    "sessions.Session": {"session_data": (NOT_OURS, SIGN_IN)},
}  # fmt: skip
