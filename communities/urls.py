"""/communities/…: where communities decide."""

from django.urls import path

from communities import views

app_name = "communities"

urlpatterns = [
    path("communities/", views.communities, name="home"),
    path("communities/<slug:slug>/", views.community, name="community"),
    path("communities/<slug:slug>/charter/", views.charter, name="charter"),
    path("communities/<slug:slug>/proposals/<uuid:question_id>/", views.question, name="question"),
    path("recalls/<uuid:question_id>/", views.recall, name="recall"),
    path("recalls/<uuid:question_id>/<slug:name>/", views.recall_move, name="recall_move"),
    path(
        "communities/<slug:slug>/<slug:part>/<slug:part_id>/<slug:name>/", views.move, name="move"
    ),
]
