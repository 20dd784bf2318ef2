"""One login for one job: what to do comes as JSON in the first argument, what was found goes out as JSON."""

import asyncio
import json
import sys

from slixmpp import ClientXMPP

LIMIT = 20


class Session(ClientXMPP):
    """A client that goes where it is told, and agrees to nothing by itself."""

    def __init__(self, job):
        unencrypted = {"unencrypted_plain": True, "unencrypted_scram": True}
        super().__init__(job["jid"], job["password"], plugin_config={"feature_mechanisms": unencrypted})
        self.enable_direct_tls = False
        self.enable_starttls = job["ca_file"] is not None
        self.enable_plaintext = not self.enable_starttls
        self.ca_certs = job["ca_file"]
        self.auto_authorize = None
        self.auto_subscribe = False
        self.where = job["address"], job["port"]
        self.wishes = job["wishes"]
        for plugin in ("xep_0004", "xep_0030", "xep_0050"):
            self.register_plugin(plugin)

    async def log_in(self):
        """Whether name and password fit."""
        outcome = asyncio.get_running_loop().create_future()

        def settle(value):
            return lambda _: outcome.done() or outcome.set_result(value)

        self.add_event_handler("session_start", settle(True))
        self.add_event_handler("failed_all_auth", settle(False))
        self.connect(*self.where)
        return await asyncio.wait_for(outcome, LIMIT)

    def said(self):
        """The contacts, as the roster has them."""
        return {
            jid: {"subscription": item["subscription"], "ask": bool(item["pending_out"])}
            for jid, item in ((jid, self.client_roster[jid]) for jid in self.client_roster.keys())
            if jid != self.boundjid.bare
        }

    async def until(self, jid, subscription):
        """Waits until a contact's subscription is this one."""
        changed = asyncio.Event()
        self.add_event_handler("roster_update", lambda _: changed.set())
        while self.said().get(jid, {}).get("subscription") != subscription:
            await asyncio.wait_for(changed.wait(), LIMIT)
            changed.clear()


def run(job, even_refused=False):
    """Logs in, does `job(session)`, and prints what it returns."""

    async def whole():
        session = Session(json.loads(sys.argv[1]))
        welcome = await session.log_in()
        if not welcome and not even_refused:
            raise SystemExit("the login was refused")
        session.welcome = welcome
        print(json.dumps(await job(session)), flush=True)
        await session.disconnect(wait=1)

    asyncio.run(whole())
