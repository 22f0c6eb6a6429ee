"""What is within our own walls, however it is written."""

import pytest

from ground.addresses import is_within

INSIDE_WRAPPED = (
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "64:ff9b:1:ffff::8.8.8.8",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:1",
    "2001:0:5db8:d822::80ff:fffe",
    "fec0::1",
    "fe80::1%eth0",
    "4000::1",
)
OUTSIDE = (
    "93.184.216.34",
    "::ffff:93.184.216.34",
    "64:ff9b::5db8:d822",
    "2002:5db8:d822::1",
    "2606:4700::5efe:5db8:d822",
    "2606:4700::1111",
    "2a00:1450:4001:81b::200e",
)


@pytest.mark.parametrize("address", INSIDE_WRAPPED)
def test_an_address_that_leads_inside_is_within(address):
    assert is_within(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_not(address):
    assert not is_within(address)
