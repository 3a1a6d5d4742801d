"""Print Debian's packages of the browsers that are missing here, one on a line."""

from collections.abc import Callable

from tests.hosts import firefox, webkit
from tests.hosts.programs import ProgramMissing

PROGRAMS: tuple[Callable[[], str], ...] = (firefox.executable, webkit.driver, webkit.screen)


def missing() -> list[str]:
    packages = []
    for program in PROGRAMS:
        try:
            program()
        except ProgramMissing as error:
            packages.append(error.package)
    return packages


if __name__ == "__main__":
    print("\n".join(missing()))
