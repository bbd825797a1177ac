"""The words of the desk and of the public pages, by code."""

from django.utils.translation import gettext_lazy as _

WAITS = {
    "consent": _("Say whether you take part. It is up to you."),
    "consent_as_guardian": _("Say whether you consent as guardian."),
    "sign": _("Read the agreement and decide whether to sign."),
    "confirm": _("Say whether it was done."),
    "keep_promise": _("Do what you promised, and say when it was done."),
    "closing_word": _("Say your closing word, if you would like to."),
    "ask_again": _("Speak with each person, alone."),
    "accept": _("Read it and take it on, or refer it to somebody else."),
    "screen": _("Speak with each person, the person harmed first."),
    "mediate": _("Prepare or hold the meetings."),
    "find_mediator": _("Ask somebody to be the mediator."),
    "council": _("A council needs to be drawn."),
    "read_decision": _("Read what the council decided, and how to have it looked at again."),
    "form_appeal": _("Form the council that looks at the decision again."),
    "prepare_draw": _("Prepare the draw of the council."),
    "beacon": _("Write down what decides the draw, once it exists."),
}

# What somebody without an account learns: no more than that it is taken care of.
RECEIPT_STATUS = {
    "received": _("We have received it. Somebody will read it soon."),
    "looked_at": _("It is being looked at."),
    "mediator": _("A mediator is assigned."),
    "closed": _("It is closed."),
}

AGREEMENT_STATUS = {
    "drafting": _("It is still being written. It binds nobody."),
    "offered": _("It is on the table. Not everybody has signed it."),
    "cooling_off": _("Everybody has signed it. There is still time to step back."),
    "in_force": _("It is in force."),
    "fulfilled": _("Everything in it was settled."),
    "broken": _("It was not kept."),
    "superseded": _("A newer version has taken its place."),
    "withdrawn": _("It was withdrawn. It binds nobody."),
    "lapsed": _("It was not signed in time. It binds nobody."),
}

# The demo community's people and what each shows (docs: the demo).
CAST = {
    "cole": _("coordinator"),
    "mara": _("mediator"),
    "milo": _("mediator"),
    "hana": _("person harmed, in mediation with Remi"),
    "remi": _("person responsible, in mediation with Hana"),
    "sami": _("supporter of Hana"),
    "gita": _("guardian of a young person"),
    "nour": _("person harmed, following a plan"),
    "leo": _("person responsible, keeping a plan"),
    "june": _("council member, seated on a case"),
    "pavel": _("process guardian"),
    "sten": _("steward of a Rehabilitation Community"),
    "rosa": _("resident of a Rehabilitation Community"),
    "ada": _("auditor"),
    "adam": _("administrator, who sees no case"),
    "vera": _("community member, in no case"),
}
