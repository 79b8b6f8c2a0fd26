from django.urls import path

import views

urlpatterns = [path("board/<int:split>", views.board), path("empty", views.empty)]
