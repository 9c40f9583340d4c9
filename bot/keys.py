"""The key under which aiohttp's handlers find the App."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from bot.app import App

APP: web.AppKey[App] = web.AppKey("app")
