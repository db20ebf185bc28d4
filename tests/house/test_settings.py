"""README tells of every setting, and of none that does not exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from mobilise import keys
from mobilise.settings import Settings
from tests.house.source import ROOT


def table() -> dict[str, str]:
    """`MOBILISE_NAME` → what README gives as its default."""
    found = {}
    for line in (ROOT / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`(MOBILISE_\w+)`", cells[0])
        if name and len(cells) >= 3:
            found[name.group(1)] = cells[1].strip("`")
    return found


def _fields() -> dict[str, object]:
    return {
        f"MOBILISE_{name.upper()}": field.default
        for name, field in Settings.model_fields.items()
        if name != "listens_on_loopback"  # `serve` sets it for its own processes
    }


def test_readme_names_every_setting_and_no_other() -> None:
    assert sorted(table()) == sorted(_fields())


def test_readme_gives_the_default_of_every_setting() -> None:
    for name, default in _fields().items():
        told = table()[name]
        if default in (None, ""):
            assert told in ("", "–", "—", "none"), f"{name} has no default"
        elif isinstance(default, Path):
            assert told.rstrip("/") == str(default), name
        else:
            assert told == str(default), name


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description and field.description.endswith("."), name


def test_a_setting_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "smtp").write_text("smtps://clerk:key@mail.example:465\n")
    monkeypatch.setenv("MOBILISE_SMTP_URL_FILE", str(tmp_path / "smtp"))
    assert Settings().smtp_url == "smtps://clerk:key@mail.example:465"


def test_the_variable_wins_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "name").write_text("from the file")
    monkeypatch.setenv("MOBILISE_NAME_FILE", str(tmp_path / "name"))
    monkeypatch.setenv("MOBILISE_NAME", "from the variable")
    assert Settings().name == "from the variable"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "sign.example"),
        ("BASE_URL", "https://sign.example/petitions"),
        ("BASE_URL", "ftp://sign.example"),
        ("TIMEZONE", "Europe/Hoboken"),
        ("MODERATION", "sometimes"),
    ],
)
def test_a_wrong_setting_is_refused_at_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MOBILISE_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_short_keys_are_refused() -> None:
    with pytest.raises(keys.UnsafeKey, match="characters"):
        _ = Settings(secret_keys="too-short").signing_keys


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    made = Settings(data=tmp_path / "data").signing_keys
    assert Settings(data=tmp_path / "data").signing_keys == made
    assert (tmp_path / "data" / "secret_keys").stat().st_mode & 0o777 == 0o600


def test_letters_are_shown_only_where_nobody_else_can_come() -> None:
    assert Settings(listens_on_loopback=True).dev_mail
    assert not Settings(listens_on_loopback=False).dev_mail
    assert not Settings(listens_on_loopback=True, smtp_url="smtp://127.0.0.1:25").dev_mail


def test_a_site_behind_a_proxy_on_the_same_computer_is_no_development_run() -> None:
    """It listens on loopback too. With its letters everybody could log in as anybody."""
    behind = Settings(listens_on_loopback=True, base_url="https://sign.example")
    assert not behind.dev_mail
    assert behind.moderated == "first"
    for address in ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"):
        assert Settings(listens_on_loopback=True, base_url=address).moderated == "off"


def test_no_time_zones_of_the_system_are_needed() -> None:
    """A small container has none; they come with a package."""
    ask = (
        "from datetime import UTC, datetime; from mobilise import i18n;"
        "from mobilise.settings import Settings; zone = Settings().zone;"
        "print(i18n.moment(datetime(2026, 7, 1, 12, tzinfo=UTC), zone))"
    )
    told = subprocess.check_output(
        [sys.executable, "-c", ask], cwd=ROOT, env={"PYTHONTZPATH": "", "LC_ALL": "C"}, text=True
    )
    assert "14:00" in told
