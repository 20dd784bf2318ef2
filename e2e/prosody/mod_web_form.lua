-- Registers accounts with invites like other modules: over HTTP, with events. It handles reset links like the
-- community's mod_invites_register_api: without a claim, and with an event that has only the username as typed.

local http = require "util.http";
local nodeprep = require "util.encodings".stringprep.nodeprep;
local usermanager = require "core.usermanager";

module:depends("http");
local invites = module:depends("invites");

local function register(event)
	local form = http.formdecode(event.request.body);
	local invite, err = invites.get(form.token);
	if not invite then return { status_code = 403, body = tostring(err) }; end
	local username = nodeprep(form.username);
	local reset_for = invite.additional_data and invite.additional_data.allow_reset;
	if reset_for then
		if reset_for ~= username then return 403; end
		assert(usermanager.set_password(username, form.password, module.host));
		module:fire_event("user-password-reset", form.username);
		return 201;
	end
	local user = { username = username, host = module.host, validated_invite = invite, allowed = true };
	module:fire_event("user-registering", user);
	if not user.allowed then return { status_code = 409, body = user.reason }; end
	if usermanager.user_exists(username, module.host) then return 409; end
	assert(usermanager.create_user(username, form.password, module.host));
	module:fire_event("user-registered", {
		username = username, host = module.host, source = "mod_web_form", validated_invite = invite;
	});
	invite:use();
	return 201;
end

module:provides("http", { route = { POST = register } });
