"""/houses/, /support/, /figures/…/rehabilitation/: outside a case page."""

from django.urls import path

from rehabilitation import figures_pages, house_views, papers_views, views

app_name = "rehabilitation"

urlpatterns = [
    path("houses/open/<slug:slug>/", house_views.open_house, name="open_house"),
    path("houses/<slug:slug>/", house_views.house_page, name="house"),
    path("houses/<slug:slug>/<slug:name>/", house_views.house_move, name="house_move"),
    path(
        "houses/<slug:slug>/assembly/<slug:part>/<uuid:part_id>/<slug:name>/",
        house_views.assembly_move,
        name="assembly_move",
    ),
    path(
        "houses/<slug:slug>/placements/<uuid:placement_id>/", views.placement_page,
        name="placement",
    ),
    path(
        "houses/<slug:slug>/placements/<uuid:placement_id>/<slug:paper>.pdf",
        papers_views.paper,
        name="paper",
    ),
    path(
        "houses/<slug:slug>/placements/<uuid:placement_id>/<slug:part>/<uuid:part_id>/<slug:name>/",
        views.placement_move,
        name="placement_move",
    ),
    path("support/<uuid:circle_id>/", house_views.support_page, name="support"),
    path("support/<uuid:circle_id>/<slug:name>/", house_views.support_move, name="support_move"),
    path("figures/<slug:slug>/rehabilitation/", figures_pages.rehabilitation, name="figures"),
]  # fmt: skip
