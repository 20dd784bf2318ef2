"""Asks `to` to become a contact, with a `token` or without, and waits until the `subscription` is reached.

As XEP-0379 has it, the one who asked agrees to being asked back.
"""

from xml.etree import ElementTree

from session import run


async def job(session):
    wishes = session.wishes
    await session.get_roster()
    session.add_event_handler("presence_subscribe", lambda asked: agree(session, asked))
    session.send_presence()
    request = session.make_presence(pto=wishes["to"], ptype="subscribe")
    if wishes.get("token"):
        request.append(ElementTree.Element("{urn:xmpp:pars:0}preauth", {"token": wishes["token"]}))
    request.send()
    if wishes.get("subscription"):
        await session.until(wishes["to"], wishes["subscription"])
    return session.said()


def agree(session, asked):
    if asked["from"].bare == session.wishes["to"]:
        session.send_presence(pto=asked["from"].bare, ptype="subscribed")


run(job)
