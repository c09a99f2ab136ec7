"""Find the browser that the tests drive, or install it: ``python -m tests.e2e.browser``."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """Where Chromium or Chrome is."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Take Chromium from the system's packages where we may, else Playwright's own."""
    if os.getuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)  # noqa: S607  where the system has it
        options = ["--no-install-recommends", "-y", "-qq"]
        subprocess.run(  # noqa: S603
            ["apt-get", "install", *options, "chromium", "fonts-dejavu-core"],  # noqa: S607
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        if installed():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__" and not installed():
    install()
