"""Holds docs/merchant.md and docs/merchant-openapi.yaml to what merchants' servers really do.

    check_guide.py URL CONTROL_KEY ENDPOINT_ID [CA_FILE] ...    of one server: every message, each way, by the OpenAPI document
    check_guide.py --documents                                  the vectors, the JSON and the OpenAPI document itself

It plays the app and the gateway with nothing but the guide's formulas. Prints a line a check and ends with the sum.
"""

import hashlib
import hmac
import json
import re
import secrets
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDE = (DOCS / "merchant.md").read_text()
OPENAPI = yaml.safe_load((DOCS / "merchant-openapi.yaml").read_text())
REGISTRY = Registry().with_resource("urn:openapi", DRAFT202012.create_resource(OPENAPI))

passed = failed = 0


def check(name, problems):
    global passed, failed
    problems = [problem for problem in ([problems] if isinstance(problems, str) else problems) if problem]
    passed, failed = (passed, failed + 1) if problems else (passed + 1, failed)
    print("FAILED" if problems else "passed", name, *problems, sep=": " if problems else " ")


def sign(key, *parts):
    return hmac.new(bytes.fromhex(key.replace("-", "")), "".join(parts).encode(), hashlib.sha1).hexdigest()


def control_of(key, *parts):
    return hashlib.sha1(("".join(parts) + key).encode()).hexdigest()


def same_hex(left, right):
    return left.lower() == right.lower()


# --- The documents ------------------------------------------------------------------------------------------------------------


def vectors():
    """Each digit string of the guide, computed anew from the values that the guide names above its tables."""
    key, token, serial, endpoint, nonce, invoice = re.search(
        r"Control key `(.+?)`, access token `(.+?)`,\s+serial number `(.+?)`, endpoint id `(.+?)`, nonce `(.+?)`,\s+invoice `(.+?)`",
        GUIDE,
    ).groups()
    start = [token, serial, endpoint, nonce, invoice]
    text = serial + nonce + endpoint + invoice

    def as_text(secret):
        return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()

    expected = {
        ("initiate sale", "amount 1050, currency EUR"): sign(key, *start, "1050", "EUR"),
        ("check sale", "-"): sign(key, text),
        ("check sale", "serverCardId 805112"): sign(key, text, "805112"),
        ("check sale", "serial number `устройство-7`"): sign(key, "устройство-7", nonce, endpoint, invoice),
        ("card mapping", "-"): sign(key, nonce, endpoint, invoice),
        ("callback", "status approved, orderid 9876543"): control_of(key, "approved", "9876543", invoice),
        ("callback", "status declined, orderid 9876543"): control_of(key, "declined", "9876543", invoice),
    }
    mistakes = {
        "check sale with the key as text, dashes kept": as_text(key),
        "check sale with the key as text, without dashes": as_text(key.replace("-", "")),
        "initiate sale with `10.50` in place of `1050`": sign(key, *start, "10.50", "EUR"),
    }
    asked, answered = (json.loads(block) for block in re.findall(r"^```json\n(.+?)^```", GUIDE, re.MULTILINE | re.DOTALL)[:2])
    example = [asked["session"]["accessToken"], serial, answered["endpointId"], answered["session"]["nonce"], answered["invoiceId"]]
    signed = sign(key, *example, str(asked["transaction"]["amountCentis"]), asked["transaction"]["currency"])
    check("the signature of the example is right", [] if same_hex(signed, answered["session"]["signature"]) else signed)
    rows = re.findall(r"^\| (.+?) \| (.+?) \| `([0-9a-f]{40})` \|$", GUIDE, re.MULTILINE)
    said = {(message, what): digits for message, what, digits in rows}
    check("every test vector is what the formula gives", [f"{k}" for k in expected if said.get(k) != expected[k]])
    check("no vector is in the guide that is not checked here", [f"{k}" for k in said if k not in expected])
    rows = re.findall(r"^\| `([0-9a-f]{40})` \| (.+?) \|$", GUIDE, re.MULTILINE)
    check("every mistake's digits are what it gives", [] if {w: d for d, w in rows} == mistakes else "other digits")


def documents():
    validate(OPENAPI)
    check("the OpenAPI document is one", [])
    blocks = re.findall(r"^```json\n(.+?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    unreadable = []
    for block in blocks:
        try:
            json.loads(block)
        except ValueError as error:
            unreadable.append(f"{error}: {block}")
    check(f"each of the guide's {len(blocks)} JSON examples can be read", unreadable or ([] if blocks else "there are none"))
    paths = {path for path in OPENAPI["paths"] if path not in GUIDE}
    check("the guide names every path of the OpenAPI document", sorted(paths))
    vectors()
    sys.path.insert(0, str(ROOT / "sandbox/examples"))
    import merchant as example

    key = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465"
    same = example.sign(key, "a", "ü").lower() == sign(key, "a", "ü") and example.control_of(key, "a", "b", "c") == control_of(
        key, "a", "b", "c"
    )
    check("the example server signs by the same formulas", [] if same else "it does not")


# --- A server -----------------------------------------------------------------------------------------------------------------


def against(schema, value):
    validator = Draft202012Validator(schema, registry=REGISTRY)
    return [f"{'.'.join(map(str, error.absolute_path)) or 'the body'}: {error.message}" for error in validator.iter_errors(value)]


def resolved(path, pointer):
    """A schema of the document by its place."""
    return {"$ref": "urn:openapi#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in (*path, *pointer))}


class Server:
    def __init__(self, url, key, endpoint, ca_file=None):
        self.url, self.key, self.endpoint = url.rstrip("/"), key, endpoint
        context = ssl.create_default_context(cafile=ca_file) if ca_file else None
        handlers = [urllib.request.ProxyHandler({})] + ([urllib.request.HTTPSHandler(context=context)] if context else [])
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, name, path, method, body, expected, invoice=None, query=None):
        """One message: the request and the answer are those of the OpenAPI document, and the HTTP status is `expected`."""
        url = self.url + path.replace("{invoiceId}", invoice or "") + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with self.opener.open(request, timeout=20) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            status, text = answer.code, answer.read()
        operation = ("paths", path, method.lower())
        problems = [] if status == expected else [f"HTTP {status}, expected {expected}: {text[:200]!r}"]
        if body is not None:
            place = (*operation, "requestBody", "content", "application/json", "schema")
            problems += [f"request: {problem}" for problem in against(resolved((), place), body)]
        responses = OPENAPI["paths"][path][method.lower()]["responses"]
        response = responses.get(str(status), responses.get("default"))
        response = OPENAPI["components"]["responses"][response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
        value = None
        if text and "content" in response:
            try:
                value = json.loads(text)
                problems += [f"answer: {p}" for p in self.judged(value, responses, status)]
            except ValueError:
                problems.append("the answer is not JSON")
        elif "content" in response and status != 403:
            problems.append("the answer is empty")
        check(f"{name}: HTTP {expected}", problems)
        return value if status == expected and value is not None else {}

    @staticmethod
    def judged(value, responses, status):
        response = responses.get(str(status), responses["default"])
        name = response["$ref"].rsplit("/", 1)[1]
        place = ("components", "responses", name, "content", "application/json", "schema")
        return against(resolved((), place), value)

    def signature(self, name, expected, said):
        check(f"{name}: the signature is the guide's", [] if (said or "").lower() == expected else f"{said}, not {expected}")

    def converse(self):
        serial = "guide-" + secrets.token_hex(4)
        device = {"device": {"serialNumber": serial}}
        order = {"saleId": secrets.token_hex(16), "merchantOrderId": "order 7"}
        access = self.ask("access token", "/auth/request-access-token", "GET", None, 200)["session"]["accessToken"]
        asking = {"consumer": device, "session": {"accessToken": access}}

        def initiate(amount=1050, http=200, token=access):
            return self.ask(
                f"initiate sale of {amount}",
                "/sale/initiate-sale",
                "POST",
                {
                    "consumer": device | {"email": "ada@example.com"},
                    "transaction": {"amountCentis": amount, "currency": "EUR"},
                    "session": {"accessToken": token},
                }
                | order,
                http,
            )

        initiate(token="x" * 64, http=403)
        sale = initiate()
        invoice, nonce, signature = sale["invoiceId"], sale["session"]["nonce"], sale["session"]["signature"]
        signed = sign(self.key, access, serial, self.endpoint, nonce, invoice, "1050", "EUR")
        self.signature("initiate sale", signed, signature)

        token = secrets.token_hex(10)
        extension = asking | order
        ask = "/sale/{invoiceId}/session-token"
        self.ask("session token before check sale", ask, "POST", extension, 404, invoice)
        session = {"accessToken": access, "nonce": nonce, "signature": signature, "token": token}
        checking = {"consumer": device, "session": session}
        wrong = {"consumer": device, "session": session | {"nonce": "0" * 64}}
        self.ask("check sale, wrong nonce", "/sale/{invoiceId}/check", "POST", wrong, 403, invoice)
        for time in ("check sale", "check sale again"):
            answer = self.ask(time, "/sale/{invoiceId}/check", "POST", checking, 200, invoice)
            said = answer.get("session", {}).get("checkSignature")
            self.signature(time, sign(self.key, serial, nonce, self.endpoint, invoice), said)
        self.ask("session token", ask, "POST", extension | {"void": True}, 200, invoice)

        self.ask("stored card before the notification", "/sale/{invoiceId}/stored-card", "POST", extension, 404, invoice)
        server_card_id = str(secrets.randbelow(10**9))
        mapping = {
            "consumer": device,
            "session": {"accessToken": access, "token": token},
            "sourceCard": {"bin": 411111, "reference": {"serverCardId": server_card_id, "uniqueReferenceCardId": 1734622310}},
        }
        for path in ("/sale/notification", "/sale/{invoiceId}/notification"):
            answer = self.ask(f"card mapping at {path}", path, "POST", mapping, 200, invoice)
            said = answer.get("session", {}).get("checkSignature")
            self.signature("card mapping", sign(self.key, nonce, self.endpoint, invoice), said)
        card = self.ask("stored card", "/sale/{invoiceId}/stored-card", "POST", extension, 200, invoice)
        client_card_id = card["sourceOfFunds"]["reference"]["clientCardId"]

        callback = {"status": "approved", "type": "sale", "orderid": "9876543", "client_orderid": invoice, "merchant_order": invoice}
        callback |= {"amount": "10.50", "control": control_of(self.key, "approved", "9876543", invoice)}
        self.ask("callback, wrong control", "/callback", "GET", None, 403, query=callback | {"control": "0" * 40})
        for time in ("callback", "callback again"):
            self.ask(time, "/callback", "GET", None, 200, query=callback)
        reversal = callback | {"type": "reversal", "status": "approved", "amount": "3.00"}
        self.ask("callback of a reversal", "/callback", "GET", None, 200, query=reversal)

        repeat = initiate(300)
        invoice, nonce = repeat["invoiceId"], repeat["session"]["nonce"]
        session = {"accessToken": access, "nonce": nonce, "signature": repeat["session"]["signature"], "token": secrets.token_hex(10)}
        reference = {"sourceOfFunds": {"reference": {"clientCardId": client_card_id}}}
        answer = self.ask(
            "check sale of a repeat sale", "/sale/{invoiceId}/check", "POST", {"consumer": device, "session": session} | reference, 200, invoice
        )
        said = answer.get("session", {}).get("checkSignature")
        self.signature("repeat sale", sign(self.key, serial, nonce, self.endpoint, invoice, server_card_id), said)

        void = initiate(400)
        invoice = void["invoiceId"]
        for time in ("void", "void again"):
            self.ask(time, ask, "POST", extension | {"void": True}, 200, invoice)
        session = {"accessToken": access, "nonce": void["session"]["nonce"], "signature": void["session"]["signature"]}
        late = {"consumer": device, "session": session | {"token": secrets.token_hex(10)}}
        self.ask("check sale of a void invoice", "/sale/{invoiceId}/check", "POST", late, 400, invoice)


if __name__ == "__main__":
    if sys.argv[1:] == ["--documents"]:
        documents()
    else:
        Server(*sys.argv[1:]).converse()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
