"""Where the Hero pages are."""

from django.urls import path

from reports.hero.views import hero, hero_notification, hero_school, hero_switch
from reports.hero.views_behavior import hero_setting, hero_setting_add, hero_setting_remove

urlpatterns = [
    path("hero/", hero, name="hero"),
    path("hero/switch/", hero_switch, name="hero_switch"),
    path("hero/<int:school>/", hero_school, name="hero_school"),
    path("hero/<int:school>/notifications/<int:entry>/", hero_notification, name="hero_notification"),
    path("hero/<int:school>/<slug:kind>/add/", hero_setting_add, name="hero_setting_add"),
    path("hero/<int:school>/<slug:kind>/<int:entry>/", hero_setting, name="hero_setting"),
    path("hero/<int:school>/<slug:kind>/<int:entry>/remove/", hero_setting_remove, name="hero_setting_remove"),
]
