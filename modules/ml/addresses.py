"""Which addresses of the network may be connected to: those of the open internet, and what the installation allows."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from modules.kit.errors import RefusedAddress

Address = IPv4Address | IPv6Address

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
TUNNELS = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))


def is_public(address: Address) -> bool:
    """Tell whether an address lies in the open internet: not loopback, private, link-local, shared or a tunnel."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def public_or_in(networks: Sequence[str]) -> Callable[[Address], bool]:
    """A function that tells whether an address is public or lies in one of the networks, as in `10.0.0.0/8`."""
    allowed = [ip_network(network, strict=False) for network in networks]

    def is_allowed(address: Address) -> bool:
        plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
        return is_public(plain) or any(plain.version == network.version and plain in network for network in allowed)

    return is_allowed


def addresses_of(host: str, port: int) -> list[Address]:
    """Look up all addresses of a host; raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def address_of(
    host: str,
    port: int,
    is_allowed: Callable[[Address], bool],
    look_up: Callable[[str, int], Sequence[Address]] = addresses_of,
    *,
    parameter: str,
    hint: str | None = None,
) -> Address:
    """The address to connect to in the place of a host's name, so that a second look-up cannot lead elsewhere.

    Every address that the host has must be allowed; raises 0029 where one is not, and OSError where it has none.
    """
    try:
        found = look_up(host, port)
    except UnicodeError as error:
        raise OSError(f"the host {host} is not known") from error
    except socket.gaierror as error:
        raise OSError(f"the host {host} is not known") from error
    if not found or not all(is_allowed(address) for address in found):
        raise RefusedAddress(
            f"{host} lies on this machine or in its own network, which this installation does not connect to",
            parameter=parameter,
            hint=hint or "Whoever runs the installation can allow it, with DESIGNER_PRIVATE_NETWORKS.",
        )
    return found[0]


@contextmanager
def pinned(
    method: str,
    target: httpx.URL,
    address: Address,
    *,
    headers: Mapping[str, str] | None = None,
    content: Iterable[bytes] | None = None,
) -> Iterator[httpx.Response]:
    """Ask a server at this very address, under its name; the body of the answer is not read yet.

    No redirect is followed, and neither proxy nor .netrc of this machine is used: they could lead to its own network or
    tell its passwords.
    """
    literal = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    given = {"Host": target.netloc.decode("ascii").rpartition("@")[2], **(headers or {})}
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream(
            method,
            target.copy_with(host=literal),
            headers=given,
            content=content,
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        ) as response,
    ):
        yield response


def port_of(target: httpx.URL) -> int:
    """The port of a web address, given or meant."""
    return target.port or (443 if target.scheme == "https" else 80)
