"""/api/…"""

from django.urls import path, re_path

from api.views import api, no_such_address

urlpatterns = [
    path("", api.urls),
    re_path(r"^.*$", no_such_address),
]
