"""Names for the sample organisation, in the product's two languages."""

from __future__ import annotations

from collections.abc import Mapping

Names = Mapping[str, tuple[str, ...]]

COMPANIES: Names = {
    "fa": ("پارس", "البرز", "سپهر", "آریا", "کاوه", "نگین", "پیشرو", "زاگرس", "مهر", "دماوند"),
    "en": ("North", "Harbor", "Summit", "Blue Oak", "Crown", "Delta", "Evergreen", "Lumen"),
}
TRADES: Names = {
    "fa": ("صنعت", "تجارت", "الکترونیک", "غذا", "پخش", "فولاد", "دارو", "نساجی"),
    "en": ("Trading", "Foods", "Electric", "Textiles", "Logistics", "Steel", "Pharma"),
}
CITIES: Names = {
    "fa": ("تهران", "اصفهان", "شیراز", "تبریز", "مشهد", "اهواز", "رشت", "یزد"),
    "en": ("Oslo", "Leeds", "Austin", "Porto", "Perth", "Toronto", "Dublin"),
}
FIRST_NAMES: Names = {
    "fa": ("سارا", "علی", "مریم", "رضا", "نرگس", "حسین", "لیلا", "کیان", "پریسا", "امیر"),
    "en": ("Anna", "James", "Mia", "Omar", "Grace", "Liam", "Nora", "Victor"),
}
LAST_NAMES: Names = {
    "fa": ("محمدی", "کریمی", "رستمی", "احمدی", "صادقی", "یوسفی", "کاظمی", "نوری"),
    "en": ("Smith", "Larsen", "Khan", "Costa", "Brown", "Novak", "Murphy", "Jones"),
}
