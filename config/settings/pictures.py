"""The documentation's pictures: the demo, in a data folder of its own that YEARTURN_DATA names."""

import os
from pathlib import Path

from config.settings.demo import *  # noqa: F403

DATA_DIR = Path(os.environ["YEARTURN_DATA"])
MEDIA_ROOT = DATA_DIR / "media"
LEDGER_DIR = DATA_DIR / "ledger"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DROP_ROOT = DATA_DIR / "drop"
QUIET_HOURS = None
