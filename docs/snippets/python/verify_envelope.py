"""Verifies a signed envelope with the standard library and the package "cryptography":

    python3 verify_envelope.py ENVELOPE JWKS [BODY]

ENVELOPE holds the envelope, compact or flattened: the answer's body, or the value of its header X-Evidence-JWS, in which
case BODY holds the answer's body. JWKS is the provider's key set. Prints the statement and exits with 0, or prints why
not and exits with 1. What it prints still has to be compared with your own request: see main.
"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

# Nothing else is taken: crit, b64, jwk, jku, x5u and zip have all been attacks.
HEADER_MEMBERS = {"alg", "typ", "cty", "kid", "iat", "x5t#S256", "x5c"}


class Refused(Exception):
    """The envelope proves nothing."""


def main(envelope_path, key_set_path, body_path=None):
    body = read_bytes(body_path) if body_path else None
    statement = verify(read_bytes(envelope_path), read_json(read_bytes(key_set_path)), body)
    # Compare with what you know of your own call: iss and svc are the provider and the service that you called, aud is
    # your X-Road-Client, txn the X-Road-Request-Id of the answer, req the request that you sent.
    for claim in ("iss", "aud", "svc", "iat", "txn", "req", "res"):
        print(f"{claim}: {statement.get(claim)}")


def verify(envelope, key_set, body=None):
    """The statement of a verified envelope; its "data" is the answer. Raises Refused."""
    protected, payload, signature = split(decode_utf8(envelope).strip())
    header = read_json(decode_base64url(protected))
    require(isinstance(header, dict) and header.keys() <= HEADER_MEMBERS, "the header has a parameter that is not taken")
    require(header.get("typ") == "xroad-evidence+jwt", "the type is not xroad-evidence+jwt")
    require(type(header.get("iat")) is int, "iat is no integer")
    jwk = find_key(key_set, header)
    require(header.get("alg") == jwk.get("alg"), "the key is not for the algorithm of the header")
    require_signature(jwk, decode_base64url(signature), f"{protected}.{payload}".encode("ascii"))
    statement = read_json(decode_base64url(payload))
    require(isinstance(statement, dict) and statement.get("iat") == header["iat"], "iat differs")
    require_body(statement, body)
    return statement


def split(text):
    if not text.startswith("{"):
        parts = text.split(".")
        require(len(parts) == 3, "the envelope has not three parts")
        return parts
    jws = read_json(text.encode("utf-8"))
    require(jws.keys() <= {"protected", "payload", "signature", "header"}, "extra member")
    unprotected = jws.get("header", {})
    require(isinstance(unprotected, dict) and unprotected.keys() <= {"etsiU"}, "the unprotected header is not taken")
    parts = [jws.get(name) for name in ("protected", "payload", "signature")]
    require(all(isinstance(part, str) for part in parts), "a part is no text")
    return parts


def find_key(key_set, header):
    keys = [key for key in key_set["keys"] if key.get("kid") == header.get("kid")]
    require(len(keys) == 1, "the key is not in the key set, or more than once")
    jwk, time = keys[0], header["iat"]
    require(jwk.get("nbf", 0) <= time, "the key was not in use yet")
    require("exp" not in jwk or time < jwk["exp"], "the key was retired")
    if "revoked" in jwk:
        # Whoever has a leaked key can write any time.
        leaked = "compromise" in str(jwk["revoked"].get("reason", "")).lower()
        require(not leaked and time < jwk["revoked"]["revoked_at"], "the key was revoked")
    return jwk


def require_signature(jwk, signature, signed):
    check = CHECKS.get(jwk["alg"])
    require(check is not None, "the algorithm is not taken")
    try:
        check(jwk, signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise Refused("the signature is not that of the key") from error


def check_ecdsa(curve, hash_algorithm, half):
    def check(jwk, signature, signed):
        require(len(signature) == 2 * half, "the signature has another length")
        key = ec.EllipticCurvePublicNumbers(number(jwk, "x"), number(jwk, "y"), curve).public_key()
        der = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        key.verify(der, signed, ec.ECDSA(hash_algorithm))

    return check


def check_ed25519(jwk, signature, signed):
    ed25519.Ed25519PublicKey.from_public_bytes(decode_base64url(jwk["x"])).verify(signature, signed)


def check_rsa(scheme):
    def check(jwk, signature, signed):
        key = rsa.RSAPublicNumbers(number(jwk, "e"), number(jwk, "n")).public_key()
        require(key.key_size >= 2048, "the key is too short")
        key.verify(signature, signed, scheme, hashes.SHA256())

    return check


CHECKS = {
    "ES256": check_ecdsa(ec.SECP256R1(), hashes.SHA256(), 32),
    "ES384": check_ecdsa(ec.SECP384R1(), hashes.SHA384(), 48),
    "Ed25519": check_ed25519,
    "RS256": check_rsa(padding.PKCS1v15()),
    "PS256": check_rsa(padding.PSS(padding.MGF1(hashes.SHA256()), 32)),
}


def require_body(statement, body):
    """Exactly one of data, data_b64 and res.digest; a body beside the envelope only with the last."""
    digest = statement.get("res", {}).get("digest")
    stated = ("data" in statement) + ("data_b64" in statement) + (digest is not None)
    require(stated == 1, "the body is not stated exactly once")
    require((digest is None) == (body is None), "the body is beside the envelope and inside, or nowhere")
    if body is not None:
        sha256 = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
        require(digest == f"sha-256=:{sha256}:", "the body is not the one that was signed")


def decode_base64url(text):
    """Encoding again finds padding, stray bits and whatever else Python's decoder passes over."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Refused("base64url malformed") from error
    require(base64.urlsafe_b64encode(decoded).rstrip(b"=").decode("ascii") == text, "base64url not canonical")
    return decoded


def number(jwk, name):
    return int.from_bytes(decode_base64url(jwk[name]), "big")


def read_json(encoded):
    """Refuses a member that stands twice: what one reader checks, another would not use."""
    try:
        value = json.loads(decode_utf8(encoded), object_pairs_hook=unique_members, parse_constant=refuse_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a character is no UTF-8
        return value
    except (ValueError, RecursionError) as error:
        raise Refused("JSON malformed") from error


def unique_members(pairs):
    members = dict(pairs)
    require(len(members) == len(pairs), "JSON has a member twice")
    return members


def refuse_constant(name):
    raise Refused(f"JSON has {name}")


def decode_utf8(encoded):
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def require(holds, otherwise):
    if not holds:
        raise Refused(otherwise)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Refused as refused:
        sys.exit(f"Refused: {refused}")
