-- Records the invite of a new account as other modules see it, after all other handlers.

local store = module:open_store("witness");

module:hook("user-registered", function (event)
	local invite = event.validated_invite or (event.session and event.session.validated_invite);
	if not invite then return; end
	local data = invite.additional_data or {};
	store:set(event.username, { groups = data.groups, roles = data.roles, token = invite.token });
end, -100);
