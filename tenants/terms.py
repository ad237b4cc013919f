"""The terms of use: a text per version and language that never changes; people agree to the newest."""

#: Version → the day since which it is agreed to; the newest last.
VERSIONS = {"2026-11": "2026-11-25"}
CURRENT = "2026-11"


def template(version, language) -> str:
    return f"tenants/terms/{version}.{'en' if language.startswith('en') else 'zh-hans'}.html"
