"""Whether name and password fit."""

from session import run


async def job(session):
    return {"welcome": session.welcome}


run(job, even_refused=True)
