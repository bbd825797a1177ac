"""Papers to print in the tests: invented people, invented places."""

from datetime import date

from agreements.pdf import Paper, PaperCommitment, PaperSignature


def promise(number: int = 1, **changes: object) -> PaperCommitment:
    """Return one commitment; name what should differ."""
    words: dict[str, object] = {
        "number": number,
        "what": "Pay for the repair of the bicycle",
        "promised_by": "Daniel Osei",
        "promised_to": "Ana Quintero",
        "amount": "180 €, in three parts",
        "due_on": date(2026, 12, 18),
        "confirmed_by": "Joke de Vries",
        "if_missed": "They find another date together.",
    }
    return PaperCommitment(**(words | changes))


def paper(**changes: object) -> Paper:
    """Return an agreement in English; name what should differ."""
    words: dict[str, object] = {
        "reference": "A-7KQ2-94",
        "title": "The bicycle on Mill Street",
        "version": 2,
        "community": "Riverside Commons",
        "account": "A bicycle was taken from the yard.\n\nIt came back damaged.",
        "commitments": (
            promise(1),
            promise(2, what="Help two Saturdays in the workshop", amount=""),
        ),
        "signatures": (
            PaperSignature("Ana Quintero", "Person harmed", "", date(2026, 11, 20), "On screen"),
            PaperSignature("Grace Osei", "Guardian", "Daniel Osei", None, ""),
        ),
        "state_label": "Waiting to be signed",
        "step_back_until": date(2026, 11, 30),
        "check_url": "https://amends.example/verify/agreement/?code=7KQ2",
        "check_code": "7KQ2-94MX",
        "language": "en",
        "printed_on": date(2026, 11, 24),
    }
    return Paper(**(words | changes))


def spanish() -> Paper:
    """Return an agreement written in Spanish."""
    return paper(
        title="La bicicleta de la calle del Molino",
        language="es",
        commitments=(
            promise(
                1,
                what="Pagar el arreglo de la bicicleta y un candado",
                promised_by="Íñigo Núñez",
                amount="180 € en tres plazos",
                if_missed="Se lo dirá a la mediadora y buscarán otro día, ¿sí?",
            ),
        ),
    )


def arabic() -> Paper:
    """Return an agreement written in Arabic, with a Latin name in it."""
    return paper(
        title="الدراجة والقفل",
        language="ar",
        account="أخذت الدراجة من الفناء",
        commitments=(
            promise(
                1,
                what="دفع تكلفة قفل جديد",
                promised_to="دانيال",
                amount="180 €",
                if_missed="لم تستطع",
            ),
        ),
    )
