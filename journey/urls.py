"""/cases/…"""

from django.urls import path

from journey import council_pages, hearing_pages, imports, views

app_name = "cases"

urlpatterns = [
    path("new/", views.open_by_hand, name="new"),
    path("import/", imports.upload, name="import"),
    path("<slug:reference>/", views.detail, name="detail"),
    path("<slug:reference>/agreement/<uuid:agreement_id>.pdf", views.agreement_pdf, name="paper"),
    path("<slug:reference>/council/<slug:public_id>/", council_pages.table, name="table"),
    path("<slug:reference>/proposal/<uuid:proposal_id>/", council_pages.proposal, name="proposal"),
    path("<slug:reference>/packet/<slug:public_id>/", hearing_pages.packet, name="packet"),
    path(
        "<slug:reference>/packet/<slug:public_id>.pdf",
        hearing_pages.packet_pdf,
        name="packet_paper",
    ),
    path(
        "<slug:reference>/decision/<uuid:decision_id>.pdf",
        hearing_pages.decision_pdf,
        name="decision_paper",
    ),
    path(
        "<slug:reference>/hearing/<uuid:hearing_id>.ics", hearing_pages.hearing_ics, name="hearing"
    ),
    path("<slug:reference>/<slug:part>/<str:part_id>/<slug:name>/", views.do_move, name="move"),
]
