"""Confine a command by Landlock, which needs neither root nor a program of its own (Linux 5.13 and newer).

``python landlock.py RULES COMMAND...`` starts a command that sees no more files than the rules name,
opens no TCP connection unless they allow it, and can neither signal nor trace a process outside.
Runs as a file by itself, before anything of the command is read.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import json
import os
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION_FLAG = 1
PATH_BENEATH = 1
NO_NEW_PRIVILEGES, DROP_FROM_BOUNDS = 38, 24  # PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP
CAPABILITIES_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
LAST_CAPABILITY = 63

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
"""What a rule for something other than a folder may name."""
TCP = (1 << 0) | (1 << 1)  # bind, connect
SCOPES = (1 << 0) | (1 << 1)  # abstract sockets, signals

# Rights over files that each version of the interface knows.
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP_SINCE, SCOPES_SINCE = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """The version of the kernel's interface; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    found: int = _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))
    return max(found, 0)


class _CapabilitiesOf(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def confine(*, read: list[str], write: list[str], network: bool) -> None:
    """Confine this process and all that it starts, for good; raises OSError where the kernel refuses."""
    abi = version()
    if not abi:
        raise OSError("this kernel has no Landlock")
    rights = FILE_RIGHTS[min(abi, max(FILE_RIGHTS))]
    ruleset = _Ruleset(
        files=rights,
        network=TCP if abi >= TCP_SINCE and not network else 0,
        scopes=SCOPES if abi >= SCOPES_SINCE else 0,
    )
    size = 8 if abi < TCP_SINCE else 16 if abi < SCOPES_SINCE else 24
    libc = _libc()
    handle = _checked(
        libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0)),
    )
    for path in read:
        _allow(handle, path, rights & (EXECUTE | READ_FILE | READ_DIR))
    for path in write:
        _allow(handle, path, rights)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(RESTRICT_SELF, handle, ctypes.c_uint32(0)))
    os.close(handle)
    _give_up_capabilities(libc)


def _give_up_capabilities(libc: ctypes.CDLL) -> None:
    """What root may do beside its files, such as reading the memory of others, is not held back by rules."""
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(DROP_FROM_BOUNDS, capability, 0, 0, 0)  # fails for those that the kernel or this user lacks
    none = (ctypes.c_uint32 * 6)()
    _checked(libc.capset(ctypes.byref(_CapabilitiesOf(CAPABILITIES_VERSION, 0)), none))


def _allow(handle: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):  # noqa: PTH112  no import more than needed: every script waits for this
        rights &= OF_FILES
    rule = _PathRule(rights, place)
    _checked(_libc().syscall(ADD_RULE, handle, ctypes.c_uint32(PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)))
    os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


if __name__ == "__main__":
    confine(**json.loads(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  what the sandbox has put together
