"""The commands that the server offers to this user (XEP-0050)."""

from session import run


async def job(session):
    found = await session.plugin["xep_0050"].get_commands(session.boundjid.domain)
    return {node: name for _, node, name in found["disco_items"]["items"]}


run(job)
