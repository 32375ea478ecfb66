"""Settings: the only place that reads the environment. Every variable has a default and one comment."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gbif.asking import GBIF_API, Gbif
from store.catalogue import Language
from store.home import Home

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What an installation may decide for itself."""

    home: Home  # PARKWATCH_HOME: where everything received, computed and published is kept
    region_folder: Path  # PARKWATCH_REGION: the folder of the city's region.toml
    language: Language  # PARKWATCH_LANG: zh or en; the locale decides where it is not set
    report_day: str  # PARKWATCH_REPORT_DAY: judge and report as of this ISO day; today where it is not set
    lock_wait_in_seconds: float  # PARKWATCH_LOCK_WAIT: how long a writer waits for another one
    gbif_api: str = GBIF_API  # PARKWATCH_GBIF_API: where GBIF, or a mirror of it, is asked
    gbif_contact: str = (
        ""  # PARKWATCH_GBIF_CONTACT: an address GBIF can write to; GBIF_EMAIL where it is not set
    )
    gbif_user: str = ""  # GBIF_USER: the account that downloads are requested with
    gbif_password: str = field(default="", repr=False)  # GBIF_PWD: its password, kept nowhere
    gbif_email: str = ""  # GBIF_EMAIL: where GBIF writes when a download is ready

    @property
    def gbif(self) -> Gbif:
        return Gbif(
            turns=self.home.gbif_turns, api=self.gbif_api, contact=self.gbif_contact or self.gbif_email,
            user=self.gbif_user, password=self.gbif_password,
        )  # fmt: skip


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    env = os.environ if environment is None else environment
    return Settings(
        home=Home(Path(env.get("PARKWATCH_HOME", "data")).absolute()),
        region_folder=Path(env.get("PARKWATCH_REGION", PROJECT / "regions" / "datong")).absolute(),
        language=_language(env),
        report_day=env.get("PARKWATCH_REPORT_DAY", ""),
        lock_wait_in_seconds=float(env.get("PARKWATCH_LOCK_WAIT", "600")),
        gbif_api=env.get("PARKWATCH_GBIF_API", GBIF_API),
        gbif_contact=env.get("PARKWATCH_GBIF_CONTACT", ""),
        gbif_user=env.get("GBIF_USER", ""),
        gbif_password=env.get("GBIF_PWD", ""),
        gbif_email=env.get("GBIF_EMAIL", ""),
    )


def _language(env: Mapping[str, str]) -> Language:
    asked = env.get("PARKWATCH_LANG") or env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG")
    asked = asked or locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"
