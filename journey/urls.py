"""/cases/…"""

from django.urls import path

from journey import council_pages, imports, views

app_name = "cases"

urlpatterns = [
    path("new/", views.open_by_hand, name="new"),
    path("import/", imports.upload, name="import"),
    path("<slug:reference>/", views.detail, name="detail"),
    path("<slug:reference>/agreement/<uuid:agreement_id>.pdf", views.agreement_pdf, name="paper"),
    path("<slug:reference>/council/<slug:public_id>/", council_pages.table, name="table"),
    path("<slug:reference>/proposal/<uuid:proposal_id>/", council_pages.proposal, name="proposal"),
    path("<slug:reference>/<slug:part>/<str:part_id>/<slug:name>/", views.do_move, name="move"),
]
