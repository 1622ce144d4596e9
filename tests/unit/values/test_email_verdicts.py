"""The published e-mail cases, each category and diagnosis decided and written down.

isemail tells what the standards say; a shop asks whether mail can be sent there by
everyday systems, and whether the address can be typed into a form, a spreadsheet and
a header without becoming another one.
"""

from __future__ import annotations

import pytest

from ordercore.errors import InvalidValueError
from ordercore.values.email import EmailAddress
from tests.shared_data import shared_rows

ACCEPT, REFUSE = "accept", "refuse"

CATEGORIES = {
    "ISEMAIL_VALID_CATEGORY": (ACCEPT, "a dot-atom at a domain name"),
    "ISEMAIL_DNSWARN": (ACCEPT, "the form is right, and the core asks no name server"),
    "ISEMAIL_RFC5321": (REFUSE, "allowed by SMTP, taken by no form and hardly any server"),
    "ISEMAIL_CFWS": (REFUSE, "space is a slip of the keyboard; nothing is trimmed"),
    "ISEMAIL_DEPREC": (REFUSE, "the standard itself says: do not write this"),
    "ISEMAIL_RFC5322": (REFUSE, "may stand in a header, but mail cannot be sent there"),
    "ISEMAIL_ERR": (REFUSE, "not an address by any standard"),
}

DIAGNOSES = {
    "ISEMAIL_VALID": (ACCEPT, "nothing to remark"),
    "ISEMAIL_DNSWARN_NO_MX_RECORD": (ACCEPT, "whether a domain takes mail today, sending tells"),
    "ISEMAIL_DNSWARN_NO_RECORD": (ACCEPT, "a domain may come, go or be private"),
    "ISEMAIL_RFC5321_TLDNUMERIC": (REFUSE, "no top-level domain is or will be a number"),
    "ISEMAIL_RFC5321_QUOTEDSTRING": (REFUSE, "quotes hide spaces, commas and a second @"),
    "ISEMAIL_RFC5321_ADDRESSLITERAL": (REFUSE, "a number in brackets outlives no customer"),
    "ISEMAIL_RFC5321_IPV6DEPRECATED": (REFUSE, "an address literal, and an outdated one"),
    "ISEMAIL_CFWS_FWS": (REFUSE, "folding space belongs to headers"),
    "ISEMAIL_DEPREC_FWS": (REFUSE, "space within an address, which headers folded long ago"),
    "ISEMAIL_DEPREC_CFWS_NEAR_AT": (REFUSE, "space or a comment beside the @"),
    "ISEMAIL_DEPREC_COMMENT": (REFUSE, "a comment is not part of where mail goes"),
    "ISEMAIL_DEPREC_QP": (REFUSE, "a quoted control character"),
    "ISEMAIL_RFC5322_TOOLONG": (REFUSE, "above 254 octets no server takes it"),
    "ISEMAIL_RFC5322_LOCAL_TOOLONG": (REFUSE, "above 64 octets servers may refuse it"),
    "ISEMAIL_RFC5322_DOMAIN_TOOLONG": (REFUSE, "above 253 octets it is no domain name"),
    "ISEMAIL_RFC5322_DOMAIN": (REFUSE, "characters that no domain name has"),
    "ISEMAIL_RFC5322_DOMAINLITERAL": (REFUSE, "brackets around what is no IP address"),
    "ISEMAIL_RFC5322_DOMLIT_OBSDTEXT": (REFUSE, "obsolete text in brackets"),
    "ISEMAIL_RFC5322_IPV6_GRPCOUNT": (REFUSE, "not an IPv6 address"),
    "ISEMAIL_RFC5322_IPV6_MAXGRPS": (REFUSE, "not an IPv6 address"),
    "ISEMAIL_RFC5322_IPV6_2X2XCOLON": (REFUSE, "not an IPv6 address"),
    "ISEMAIL_RFC5322_IPV6_COLONEND": (REFUSE, "not an IPv6 address"),
    "ISEMAIL_ERR_NODOMAIN": (REFUSE, "nowhere to send to"),
    "ISEMAIL_ERR_NOLOCALPART": (REFUSE, "nobody to send to"),
    "ISEMAIL_ERR_DOT_START": (REFUSE, "a dot joins two atoms"),
    "ISEMAIL_ERR_DOT_END": (REFUSE, "a dot joins two labels; SMTP knows no root dot"),
    "ISEMAIL_ERR_CONSECUTIVEDOTS": (REFUSE, "a dot joins two atoms"),
    "ISEMAIL_ERR_DOMAINHYPHENEND": (REFUSE, "a label ends with a letter or digit"),
    "ISEMAIL_ERR_UNCLOSEDQUOTEDSTR": (REFUSE, "a quote that is never closed"),
    "ISEMAIL_ERR_UNCLOSEDCOMMENT": (REFUSE, "a comment that is never closed"),
    "ISEMAIL_ERR_EXPECTING_ATEXT": (REFUSE, "a character that no atom has"),
    "ISEMAIL_ERR_EXPECTING_QTEXT": (REFUSE, "a control character in quotes"),
    "ISEMAIL_ERR_EXPECTING_CTEXT": (REFUSE, "a control character in a comment"),
    "ISEMAIL_ERR_ATEXT_AFTER_QS": (REFUSE, "letters glued to a quoted string"),
    "ISEMAIL_ERR_ATEXT_AFTER_DOMLIT": (REFUSE, "letters glued to a domain literal"),
    "ISEMAIL_ERR_BACKSLASHEND": (REFUSE, "a backslash that escapes nothing"),
    "ISEMAIL_ERR_CR_NO_LF": (REFUSE, "half a line end: the door to header injection"),
    "ISEMAIL_ERR_FWS_CRLF_END": (REFUSE, "a line end: the door to header injection"),
    "ISEMAIL_ERR_FWS_CRLF_X2": (REFUSE, "an empty line: the end of the headers"),
}

EXCEPTIONS = {
    # Valid, but mail to a bare top-level domain is forbidden by ICANN, and what
    # customers write without a dot is a domain of which the end was forgotten.
    ("ISEMAIL_VALID", "test@io"): REFUSE,
}

PICTURES = {0x2400 + code: code for code in range(0x21)} | {0x2421: 0x7F}
"""The file shows control characters as pictures: U+2400 stands for U+0000 and so on."""


def verdict(address: str) -> str:
    """Return what becomes of an address."""
    try:
        EmailAddress.parse(address)
    except InvalidValueError:
        return REFUSE
    return ACCEPT


@pytest.mark.data
class TestPublishedCases:
    """Every case of the file gets the verdict that stands in the tables above."""

    def test_each_case(self) -> None:
        """A diagnosis decides, save for the exceptions named."""
        otherwise = {}
        for case in shared_rows("data/validity/isemail_tests.csv"):
            diagnosis, address = case["diagnosis"], case["address"].translate(PICTURES)
            expected = EXCEPTIONS.get((diagnosis, address), DIAGNOSES[diagnosis][0])
            if verdict(address) != expected:
                otherwise[case["id"], address] = expected
        assert otherwise == {}

    def test_the_tables_are_whole(self) -> None:
        """Each category, diagnosis and exception of the file is decided, and no other."""
        cases = shared_rows("data/validity/isemail_tests.csv")
        assert {case["category"] for case in cases} == set(CATEGORIES)
        assert {case["diagnosis"] for case in cases} == set(DIAGNOSES)
        assert set(EXCEPTIONS) <= {(case["diagnosis"], case["address"]) for case in cases}

    def test_a_diagnosis_follows_its_category(self) -> None:
        """The coarse table and the fine one say the same."""
        for case in shared_rows("data/validity/isemail_tests.csv"):
            assert DIAGNOSES[case["diagnosis"]][0] == CATEGORIES[case["category"]][0]
