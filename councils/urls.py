"""/pool/, /seats/, /verify/draw/, /figures/: what of councils is outside a case page."""

from django.urls import path

from councils import figures_pages, public, views

app_name = "councils"

urlpatterns = [
    path("pool/", views.pool_home, name="pool"),
    path("pool/<slug:slug>/<slug:name>/", views.pool_move, name="pool_move"),
    path("seats/<uuid:seat_id>/", views.seat_page, name="seat"),
    path("seats/<uuid:seat_id>/<slug:name>/", views.seat_move, name="seat_move"),
    path("figures/<slug:slug>/rotation/", figures_pages.rotation, name="rotation"),
    path("verify/draw/", public.draw_home, name="draw_home"),
    path("verify/draw/verify_draw.py", public.script, name="script"),
    path("verify/draw/<slug:draw_id>/", public.draw_page, name="draw"),
    path("verify/draw/<slug:draw_id>/record.json", public.draw_record, name="draw_record"),
    path("verify/draw/<slug:draw_id>/features.json", public.features, name="features"),
    path("verify/draw/<slug:draw_id>/excluded.json", public.excluded, name="excluded"),
    path("verify/draw/<slug:draw_id>/agree_to_void/", public.agree_to_void, name="agree_to_void"),
]
