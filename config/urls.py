"""Where everything is."""

from django.urls import include, path

# What fails outside a view, such as saving a session.
handler500 = "desk.trouble.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("api.urls")),
    path("cases/", include("journey.urls")),
    path("", include("communities.urls")),
    path("figures/", include("journey.figures_urls")),
    path("", include("councils.urls")),
    path("", include("rehabilitation.urls")),
    path("", include("desk.urls")),
]
