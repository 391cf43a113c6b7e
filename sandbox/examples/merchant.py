"""A merchant's server for the Mobile Device API, complete in one file: Flask, SQLite and the standard library.

    pip install flask==3.1.3
    CONTROL_KEY=7C1D2E3F-0A4B-4C5D-8E6F-102132435465 ENDPOINT_ID=1144 python merchant.py --port 8090

docs/merchant.md explains every message. To take it over: put your login in front of POST /orders, your shop's orders in place
of the table of them, and TLS in front of all of it. Leave --anonymous-tokens out: it is for tests.
"""

import argparse
import hashlib
import hmac
import os
import secrets
import sqlite3
import time
import uuid
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation

from flask import Flask, jsonify, request

TOKEN_LIFE = 30 * 60  # seconds
# Currencies without two decimals; the rest of ISO 4217's list belongs here, too.
EXPONENTS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders(id TEXT PRIMARY KEY, amount INTEGER, currency TEXT, paid INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens(token TEXT PRIMARY KEY, order_id TEXT, serial TEXT, born REAL);
CREATE TABLE IF NOT EXISTS sales(invoice TEXT PRIMARY KEY, serial TEXT, access_token TEXT, nonce TEXT, signature TEXT,
    amount INTEGER, currency TEXT, email TEXT, order_id TEXT, sale_id TEXT, app_order_id TEXT, session_token TEXT UNIQUE,
    void INTEGER DEFAULT 0, status TEXT, client_card_id TEXT);
CREATE TABLE IF NOT EXISTS cards(client_card_id TEXT PRIMARY KEY, server_card_id TEXT, serial TEXT, email TEXT, bin TEXT,
    UNIQUE(server_card_id, serial));
CREATE TABLE IF NOT EXISTS callbacks(status TEXT, type TEXT, orderid TEXT, client_orderid TEXT,
    UNIQUE(status, type, orderid, client_orderid));
"""

app = Flask(__name__)
app.json.sort_keys = False
settings = argparse.Namespace(key="", endpoint="", database="", anonymous_tokens=False)


# --- Signatures ---------------------------------------------------------------------------------------------------------------


def sign(key, *parts):
    """HMAC-SHA1 of the parts, joined without separators, under the key's bytes: dashes removed, hexadecimal decoded."""
    secret = bytes.fromhex(key.replace("-", ""))
    return hmac.new(secret, "".join(parts).encode(), hashlib.sha1).hexdigest().upper()


def control_of(key, status, orderid, client_orderid):
    """The check value of a callback: plain SHA-1, and the key is text with its dashes."""
    return hashlib.sha1((status + orderid + client_orderid + key).encode()).hexdigest()


def same(left, right):
    """Compares in constant time."""
    return hmac.compare_digest((left or "").encode(), (right or "").encode())


# --- Requests and errors ------------------------------------------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, http, cause, message, invoice=None):
        super().__init__(message)
        error = {"cause": cause, "code": str(uuid.uuid4()), "message": message}
        self.http, self.body = http, {"error": error} | ({"invoiceId": invoice} if invoice else {})


@app.errorhandler(Refused)
def refused(refusal):
    return jsonify(refusal.body), refusal.http


@app.errorhandler(Exception)
def failed(error):
    code = getattr(error, "code", 500)
    if code == 500:
        app.logger.exception("failed")  # Log neither bodies nor headers: they hold tokens.
    cause = "SERVER_FAILED" if code == 500 else "INVALID_REQUEST"
    return jsonify({"error": {"cause": cause, "code": str(uuid.uuid4()), "message": "see the server's log"}}), code


def invalid(message, invoice=None):
    return Refused(400, "INVALID_REQUEST", message, invoice)


def forbidden(message, invoice=None):
    return Refused(403, "INVALID_REQUEST", message, invoice)


class Body:
    """A JSON body, read by path. Unknown members are ignored; a number passes for text."""

    def __init__(self):
        self.json = request.get_json(force=True, silent=True)
        if not isinstance(self.json, dict):
            raise invalid("the body is not a JSON object")

    def find(self, path):
        value = self.json
        for member in path.split("."):
            value = value.get(member) if isinstance(value, dict) else None
        return value

    def text(self, path, least, most, required=True):
        value = self.find(path)
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not least <= len(str(value)) <= most:
            raise invalid(f"{path}: must be a string of {least} to {most} characters")
        return str(value)

    def amount(self, path):
        value = self.find(path)
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
        if not whole or value < 1:
            raise invalid(f"{path}: must be a whole number of minor units, at least 1")
        return int(value)


@contextmanager
def database():
    """One transaction that nobody else writes beside: check sale and void must not both be accepted."""
    connection = sqlite3.connect(settings.database, timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()  # Rolls back what was not committed.


def one(db, query, *values):
    return db.execute(query, values).fetchone()


# --- The app's requests -------------------------------------------------------------------------------------------------------


def new_token(db, order_id=None):
    token = secrets.token_hex(32)
    db.execute("INSERT INTO tokens VALUES(?, ?, NULL, ?)", (token, order_id, time.time()))
    return token


@app.post("/orders")
def order():
    """The shop's own route, for a user who is logged in: an order, and an access token that pays it and nothing else."""
    body = Body()
    amount, currency = body.amount("amountCentis"), body.text("currency", 3, 3)  # A real shop adds up the basket itself.
    with database() as db:
        order_id = str(uuid.uuid4())
        db.execute("INSERT INTO orders(id, amount, currency) VALUES(?, ?, ?)", (order_id, amount, currency))
        return {"merchantOrderId": order_id, "session": {"accessToken": new_token(db, order_id)}}


@app.get("/auth/request-access-token")
def access_token():
    if not settings.anonymous_tokens:
        raise Refused(404, "INVALID_REQUEST", "this server gives access tokens with orders only")
    with database() as db:
        return {"session": {"accessToken": new_token(db)}}


def authorize(db, token, serial):
    """The token's row, if it is good for this device. Its first use binds it to the device."""
    row = one(db, "SELECT * FROM tokens WHERE token = ? AND born > ?", token, time.time() - TOKEN_LIFE)
    if row is None or (row["serial"] is not None and not same(row["serial"], serial)):
        raise forbidden("session.accessToken: wrong, expired or another device's")
    db.execute("UPDATE tokens SET serial = ? WHERE token = ?", (serial, token))
    return row


def refuse_if_paid(db, order_id, invoice=None):
    """One invoice of an order is charged at most. One that was checked and has no final status may still be."""
    undecided = "SELECT 1 FROM sales WHERE order_id = ? AND session_token IS NOT NULL AND status IS NULL"
    if one(db, "SELECT paid FROM orders WHERE id = ?", order_id)["paid"] or one(db, undecided, order_id):
        raise Refused(400, "FILTERED", "this order is paid or being paid", invoice)


@app.post("/sale/initiate-sale")
def initiate():
    body = Body()
    serial = body.text("consumer.device.serialNumber", 1, 50)
    email = body.text("consumer.email", 3, 128, required=False)
    amount, currency = body.amount("transaction.amountCentis"), body.text("transaction.currency", 3, 3)
    if not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise invalid("transaction.currency: must be 3 capital letters")
    token = body.text("session.accessToken", 32, 128)
    sale_id, app_order = body.text("saleId", 32, 32, False), body.text("merchantOrderId", 1, 256, False)
    with database() as db:
        order_id = authorize(db, token, serial)["order_id"]
        if order_id is not None:
            wanted = one(db, "SELECT * FROM orders WHERE id = ?", order_id)
            if (amount, currency) != (wanted["amount"], wanted["currency"]) or app_order not in (None, order_id):
                raise Refused(400, "FILTERED", "this access token is for another order or amount")
            refuse_if_paid(db, order_id)
        invoice, nonce = str(uuid.uuid4()), secrets.token_hex(32)
        signature = sign(settings.key, token, serial, settings.endpoint, nonce, invoice, str(amount), currency)
        db.execute(
            "INSERT INTO sales(invoice, serial, access_token, nonce, signature, amount, currency, email, order_id, sale_id,"
            " app_order_id) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (invoice, serial, token, nonce, signature, amount, currency, email, order_id, sale_id, app_order),
        )
    return {"endpointId": settings.endpoint, "invoiceId": invoice, "session": {"nonce": nonce, "signature": signature}}


def owned_sale(db, body, invoice):
    """The sale, for the device that began it. To every other device it is as unknown as one that does not exist."""
    serial = body.text("consumer.device.serialNumber", 1, 50)
    authorize(db, body.text("session.accessToken", 32, 128), serial)
    sale = one(db, "SELECT * FROM sales WHERE invoice = ?", invoice)
    if sale is None or not same(sale["serial"], serial):
        raise Refused(404, "ORDER_NOT_FOUND", "no such sale", invoice)
    for member, known in (("saleId", sale["sale_id"]), ("merchantOrderId", sale["app_order_id"])):
        asked = body.text(member, 1, 256, required=False)
        if None not in (asked, known) and asked != known:
            raise invalid(f"{member}: is not that of initiate sale", invoice)
    return sale


@app.post("/sale/<invoice>/session-token")
def session_token(invoice):
    """Extension: finds a sale whose perform answer was lost, or voids an invoice that was never checked."""
    body = Body()
    with database() as db:
        sale = owned_sale(db, body, invoice)
        if sale["session_token"]:
            return {"invoiceId": invoice, "session": {"token": sale["session_token"]}}
        wants_void = body.find("void") or False
        if not isinstance(wants_void, bool):
            raise invalid("void: must be true or false", invoice)
        if wants_void:
            db.execute("UPDATE sales SET void = 1 WHERE invoice = ?", (invoice,))
        elif not sale["void"]:
            raise Refused(404, "ORDER_NOT_FOUND", "not known yet", invoice)
    # After the commit: "void" is a promise.
    return {"invoiceId": invoice, "void": True}


@app.post("/sale/<invoice>/stored-card")
def stored_card(invoice):
    """Extension: the card that the mapping notification brought."""
    body = Body()
    with database() as db:
        sale = owned_sale(db, body, invoice)
        card = one(db, "SELECT * FROM cards WHERE client_card_id = ?", sale["client_card_id"])
    if card is None:
        raise Refused(404, "ORDER_NOT_FOUND", "not known yet", invoice)
    answer = {"invoiceId": invoice, "sourceOfFunds": {"reference": {"clientCardId": card["client_card_id"]}}}
    if card["bin"]:
        answer["sourceCard"] = {"bin": card["bin"]}
    if card["email"]:
        answer["consumer"] = {"email": card["email"]}
    return answer


# --- The gateway's requests ---------------------------------------------------------------------------------------------------


@app.post("/sale/<invoice>/check")
def check(invoice):
    body = Body()
    serial, token = body.text("consumer.device.serialNumber", 1, 50), body.text("session.token", 16, 36)
    session = [body.text(f"session.{name}", 32, 128) for name in ("accessToken", "nonce", "signature")]
    client_card_id = body.text("sourceOfFunds.reference.clientCardId", 1, 128, required=False)
    with database() as db:
        sale = one(db, "SELECT * FROM sales WHERE invoice = ?", invoice)
        # The stored signature is compared, so the amount is, too.
        known = [sale[name] for name in ("access_token", "nonce", "signature")] if sale else []
        if not sale or not all(map(same, session, known)) or not same(serial, sale["serial"]):
            raise forbidden("not the session of this sale", invoice)
        if sale["void"]:
            raise Refused(400, "FILTERED", "this invoice is void", invoice)
        if sale["session_token"] not in (None, token):
            raise forbidden("this sale has another session token", invoice)
        if sale["session_token"] is None and sale["order_id"] is not None:
            refuse_if_paid(db, sale["order_id"], invoice)  # Two invoices can be made before either is checked.
        card = None
        if client_card_id:
            query = "SELECT * FROM cards WHERE client_card_id = ? AND serial = ?"
            card = one(db, query, client_card_id, serial)
            if card is None:
                raise invalid("clientCardId: not a card of this device", invoice)
        db.execute("UPDATE sales SET session_token = ? WHERE invoice = ?", (token, invoice))
    server_card_id = card["server_card_id"] if card else ""
    signature = sign(settings.key, serial, sale["nonce"], settings.endpoint, invoice, server_card_id)
    answer = {"invoiceId": invoice, "session": {"checkSignature": signature, "nonce": sale["nonce"], "token": token}}
    email = card["email"] if card else sale["email"]
    if email:
        answer["consumer"] = {"email": email}
    if card:
        answer["sourceOfFunds"] = {"reference": {"serverCardId": server_card_id}}
    return answer


@app.post("/sale/notification")
@app.post("/sale/<invoice>/notification")
def notification(invoice=None):
    body = Body()
    serial, access = body.text("consumer.device.serialNumber", 1, 50), body.text("session.accessToken", 32, 128)
    token = body.text("session.token", 16, 36)
    server_card_id = body.text("sourceCard.reference.serverCardId", 1, 64, required=False)
    bin_digits = body.text("sourceCard.bin", 1, 8, required=False)
    with database() as db:
        sale = one(db, "SELECT * FROM sales WHERE session_token = ?", token)
        known = sale and sale["invoice"] == (invoice or sale["invoice"])
        if not known or not same(serial, sale["serial"]) or not same(access, sale["access_token"]):
            raise forbidden("not the session of this sale", invoice)
        if server_card_id:
            # One clientCardId for a card and a device: a repeated notification changes nothing.
            insert = "INSERT OR IGNORE INTO cards VALUES(?, ?, ?, ?, ?)"
            db.execute(insert, (secrets.token_hex(16), server_card_id, serial, sale["email"], bin_digits))
            card = one(db, "SELECT * FROM cards WHERE server_card_id = ? AND serial = ?", server_card_id, serial)
            db.execute("UPDATE sales SET client_card_id = ? WHERE invoice = ?", (card["client_card_id"], sale["invoice"]))
    signature = sign(settings.key, sale["nonce"], settings.endpoint, sale["invoice"])
    session = {"checkSignature": signature, "nonce": sale["nonce"], "token": token}
    return {"invoiceId": sale["invoice"], "session": session}


@app.get("/callback")
def callback():
    names = ("status", "type", "orderid", "client_orderid", "amount", "control")
    status, kind, orderid, invoice, amount, control = (request.args.get(name, "") for name in names)
    if not same(control.lower(), control_of(settings.key, status, orderid, invoice)):
        raise forbidden("control: does not match")
    with database() as db:
        sale = one(db, "SELECT * FROM sales WHERE invoice = ?", invoice)
        if sale is None:
            raise Refused(404, "ORDER_NOT_FOUND", "no such sale", invoice)
        # Each callback comes more than once; reversals and chargebacks come to the same URL and end no sale.
        db.execute("INSERT OR IGNORE INTO callbacks VALUES(?, ?, ?, ?)", (status, kind, orderid, invoice))
        if kind == "sale":
            exponent = EXPONENTS.get(sale["currency"], 2)
            try:
                minor_units = Decimal(amount).scaleb(exponent)
            except InvalidOperation:
                raise invalid("amount: must be a decimal number", invoice) from None
            if minor_units != sale["amount"]:
                raise invalid("amount: not that of the sale", invoice)
            db.execute("UPDATE sales SET status = ? WHERE invoice = ?", (status, invoice))
            if status == "approved":
                db.execute("UPDATE orders SET paid = 1 WHERE id = ?", (sale["order_id"],))
    return {"invoiceId": invoice}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090, help="0: any that is free")
    parser.add_argument("--database", default="sales.db")
    parser.add_argument("--anonymous-tokens", action="store_true", help="give access tokens to anybody: for tests")
    parser.parse_args(namespace=settings)
    settings.key, settings.endpoint = os.environ["CONTROL_KEY"], os.environ["ENDPOINT_ID"]
    with sqlite3.connect(settings.database) as connection:
        connection.executescript(SCHEMA)
    app.run(host="127.0.0.1", port=settings.port, threaded=True)


if __name__ == "__main__":
    main()
