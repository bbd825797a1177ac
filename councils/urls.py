"""/pool/, /seats/, /verify/draw/, /figures/: what of councils is outside a case page."""

from django.urls import path

from councils import figures_pages, views

app_name = "councils"

urlpatterns = [
    path("pool/", views.pool_home, name="pool"),
    path("pool/<slug:slug>/<slug:name>/", views.pool_move, name="pool_move"),
    path("seats/<uuid:seat_id>/", views.seat_page, name="seat"),
    path("seats/<uuid:seat_id>/<slug:name>/", views.seat_move, name="seat_move"),
    path("figures/<slug:slug>/rotation/", figures_pages.rotation, name="rotation"),
]
