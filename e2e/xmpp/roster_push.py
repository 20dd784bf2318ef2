"""Says `ready` when pushes come, and then waits until the contact `jid` has the `subscription`."""

from session import run


async def job(session):
    await session.get_roster()
    session.send_presence()
    print("ready", flush=True)
    await session.until(session.wishes["jid"], session.wishes["subscription"])
    return session.said()


run(job)
