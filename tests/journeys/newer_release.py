"""The next release of the program, as a clinic's server meets it: this one with a step of the tables more."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import clinic_app
from clinic_app.models.upgrade import HEAD

ROOT = Path(__file__).parent.parent.parent
NEXT = f"{int(HEAD) + 1:04}"
_STEP = f'''"""One column more."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("of_the_next_release", sa.String(10)))
'''


@dataclass(frozen=True, slots=True)
class Release:
    """A release that lies in a folder and runs as a program of its own."""

    folder: Path

    @classmethod
    def this(cls) -> "Release":
        """The one that is tested."""
        return cls(Path(clinic_app.__file__).parent.parent)

    @classmethod
    def newer(cls, folder: Path) -> "Release":
        """Made in a folder that is not there yet."""
        of = cls.this().folder
        shutil.copytree(of / "clinic_app", folder / "clinic_app")  # what is compiled goes along
        (folder / "resources").symlink_to(of / "resources")
        models = folder / "clinic_app" / "models"
        (models / "migrations" / "versions" / f"{NEXT}_next.py").write_text(_STEP)
        tables = models / "upgrade.py"
        tables.write_text(tables.read_text().replace(f'HEAD = "{HEAD}"', f'HEAD = "{NEXT}"'))
        return cls(folder)

    def start(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        """Run a module of the program, or of its tests, with this release."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder, env=os.environ | {"PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def upgrade(self, owners_url: str, folder: Path) -> subprocess.Popen[str]:
        """``clinic-app upgrade`` with the account that owns the tables."""
        return self.start("clinic_app", "--data", str(folder), "--database", owners_url, "upgrade")
