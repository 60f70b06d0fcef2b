# SPDX-License-Identifier: Apache-2.0
"""A real SMTP server for the tests: the distribution's aiosmtpd, on a free port of this machine.

    mail_server.py --box FILE [--host ADDRESS] [--port N] [--cert FILE --key FILE [--smtps]] [--user NAME --password WORD]

Each mail becomes a line of JSON in FILE: from, to, tls, data. Mail to later@... is put off (451), to never@... refused (550),
to full@... refused after its text (552). Prints {"port": N} when it accepts connections; ends with its standard input.
"""

import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Box:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "451 4.7.1 Not now"
        if address.startswith("never@"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("full@") for address in envelope.rcpt_tos):
            return "552 5.2.2 Mailbox full"
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "data": envelope.content.decode("utf-8", "strict"),
        }
        with open(self.path, "a", encoding="utf-8") as box:
            box.write(json.dumps(mail) + "\n")
        return "250 OK"


async def serve(options):
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)

    def check(server, session, envelope, mechanism, data):
        fits = data.login == options.user.encode() and data.password == options.password.encode()
        return AuthResult(success=fits, handled=fits)

    def connection():
        return SMTP(
            Box(options.box),
            hostname="mail.test",
            tls_context=None if options.smtps else context,
            require_starttls=bool(context) and not options.smtps,
            authenticator=check if options.user else None,
            auth_required=bool(options.user),
            auth_require_tls=False,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, options.host, options.port, ssl=context if options.smtps else None)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


parser = argparse.ArgumentParser()
parser.add_argument("--box", required=True)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--cert")
parser.add_argument("--key")
parser.add_argument("--smtps", action="store_true")
parser.add_argument("--user")
parser.add_argument("--password")
asyncio.run(serve(parser.parse_args()))
