"""The contacts and their subscriptions."""

from session import run


async def job(session):
    await session.get_roster()
    return session.said()


run(job)
