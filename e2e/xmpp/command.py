"""Runs the command `node` (XEP-0050); what it asks is answered with `fields`."""

from slixmpp.exceptions import IqError

from session import run


async def job(session):
    commands, wishes = session.plugin["xep_0050"], session.wishes
    server = session.boundjid.domain
    try:
        answer = await commands.send_command(server, wishes["node"])
        asked = None
        if answer["command"]["status"] == "executing":
            asked = form_of(answer)
            form = session.plugin["xep_0004"].make_form(ftype="submit")
            if "FORM_TYPE" in asked:
                form.add_field(var="FORM_TYPE", ftype="hidden", value=asked["FORM_TYPE"])
            for name, value in wishes.get("fields", {}).items():
                form.add_field(var=name, value=value)
            answer = await commands.send_command(
                server,
                wishes["node"],
                action="complete",
                payload=form,
                sessionid=answer["command"]["sessionid"],
            )
    except IqError as error:
        refused = error.iq["error"]
        return {"error": {"type": refused["type"], "condition": refused["condition"], "text": refused["text"]}}
    command = answer["command"]
    return {"status": command["status"], "asked": asked, "form": form_of(answer), "notes": command["notes"]}


def form_of(answer):
    fields = answer["command"]["form"].get_fields()
    return {name: field["value"] for name, field in fields.items()} or None


run(job)
