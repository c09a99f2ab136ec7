"""Install what the tests need of the system, the browser that they drive among it: ``python -m tests.e2e.browser``."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """Where Chromium or Chrome is."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_complete() -> bool:
    """Whether there is a browser, and bubblewrap where we could install it."""
    return installed() is not None and (shutil.which("bwrap") is not None or not may_install())


def may_install() -> bool:
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def install() -> None:
    """Take Chromium from the system's packages where we may, and bubblewrap with it; else Playwright's own."""
    if may_install():
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)  # noqa: S607  where the system has it
        options = ["--no-install-recommends", "-y", "-qq"]
        subprocess.run(  # noqa: S603  our own command
            ["apt-get", "install", *options, "chromium", "fonts-dejavu-core", "bubblewrap"],  # noqa: S607  found by PATH
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        if installed():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__" and not is_complete():
    install()
