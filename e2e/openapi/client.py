"""Uses the client that openapi-python-client makes of the description, against a real service."""

import os

from vestibule_client import AuthenticatedClient
from vestibule_client.api.events import list_events
from vestibule_client.api.invites import create_batch, create_invite, edit_invite, list_invites, show_invite
from vestibule_client.api.keys import create_key
from vestibule_client.api.redemptions import check_token, claim, complete
from vestibule_client.models import (
    InviteEdit,
    Kind,
    NewBatch,
    NewCheck,
    NewClaim,
    NewCompletion,
    NewInvite,
    NewKey,
    Problem,
)

client = AuthenticatedClient(
    base_url=os.environ["VESTIBULE_URL"], token=os.environ["VESTIBULE_KEY"], raise_on_unexpected_status=True
)

plain = create_invite.sync(client=client, body=NewInvite())
assert plain.kind is Kind.ACCOUNT and plain.max_uses == 1, plain
bound = create_invite.sync(client=client, body=NewInvite(username="ann", kind=Kind.ACCOUNT, note="for Ann"))
assert bound.username == "ann", bound
batch = create_batch.sync(client=client, body=NewBatch(count=3, max_uses=None))
assert [invite.max_uses for invite in batch.items] == [None] * 3, batch
page = list_invites.sync(client=client, limit=2, kind=Kind.ACCOUNT)
assert len(page.items) == 2 and page.next_cursor, page
# What is left out stays as it is.
edited = edit_invite.sync(bound.id, client=client, body=InviteEdit(note="for Bob"))
assert (edited.note, edited.max_uses, edited.expires_at) == ("for Bob", 1, bound.expires_at), edited
checked = check_token.sync(client=client, body=NewCheck(token=plain.token))
held = claim.sync(client=client, body=NewClaim(token=plain.token, username="bob", admission=checked.admission))
done = complete.sync(held.claim, client=client, body=NewCompletion(jid="bob@localhost"))
assert done.over_use is False, done
shown = show_invite.sync(plain.id, client=client)
assert [redemption.jid for redemption in shown.redemptions] == ["bob@localhost"], shown
missing = show_invite.sync("none", client=client)
assert isinstance(missing, Problem) and missing.type_.endswith("not-found"), missing
key = create_key.sync(client=client, body=NewKey(name="Made"))
assert key.key.startswith(key.id), "a key"
events = list_events.sync(client=client, limit=1)
assert events.items[0].action.value == "key.created", events
print("ok")
