# SPDX-License-Identifier: GPL-2.0-only
"""DER of key files, written here once more so that the tests have a second opinion."""
import base64

SEALED, LOADABLE, IMPORTABLE = 5, 3, 4


def tlv(tag, contents):
    n = len(contents)
    if n < 0x80:
        length = bytes([n])
    elif n < 0x100:
        length = bytes([0x81, n])
    else:
        length = bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + length + contents


def sequence(*parts):
    return tlv(0x30, b"".join(parts))


def integer(value):
    octets = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return tlv(0x02, octets)


def octets(contents):
    return tlv(0x04, contents)


def explicit(tag, contents):
    return tlv(0xa0 + tag, contents)


def statement(code, body):
    return sequence(explicit(0, integer(code)), explicit(1, octets(body)))


def sized(contents):
    return len(contents).to_bytes(2, "big") + contents


def keyfile(public, private, parent=0x40000001, policy=b"", auth_policy=b"", description="", parent_name=b"",
            empty_auth=True, rsa=False, kind=SEALED):
    """A TPMKey; policy and auth_policy are whole SEQUENCEs, public and private whole TPM2B."""
    fields = [tlv(0x06, bytes.fromhex("678105" + "0a01") + bytes([kind]))]
    if empty_auth:
        fields.append(explicit(0, tlv(0x01, b"\xff")))
    if policy:
        fields.append(explicit(1, policy))
    if auth_policy:
        fields.append(explicit(3, auth_policy))
    if description:
        fields.append(explicit(4, tlv(0x0c, description.encode())))
    if rsa:
        fields.append(explicit(5, tlv(0x01, b"\xff")))
    if parent_name:
        fields.append(explicit(6, octets(parent_name)))
    return sequence(*fields, integer(parent), octets(public), octets(private))


def pem(der):
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN TSS2 PRIVATE KEY-----", *lines, "-----END TSS2 PRIVATE KEY-----", ""])
