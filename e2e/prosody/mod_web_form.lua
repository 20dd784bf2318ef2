-- A module that registers people as other modules do that know invites: over HTTP, with events, by names of its own.

local http = require "util.http";
local usermanager = require "core.usermanager";

module:depends("http");
local invites = module:depends("invites");

local function register(event)
	local form = http.formdecode(event.request.body);
	local invite, err = invites.get(form.token);
	if not invite then return { status_code = 403, body = tostring(err) }; end
	local user = { username = form.username, host = module.host, validated_invite = invite, allowed = true };
	module:fire_event("user-registering", user);
	if not user.allowed then return { status_code = 409, body = user.reason }; end
	if usermanager.user_exists(form.username, module.host) then return 409; end
	assert(usermanager.create_user(form.username, form.password, module.host));
	module:fire_event("user-registered", {
		username = form.username, host = module.host, source = "mod_web_form", validated_invite = invite;
	});
	invite:use();
	return 201;
end

module:provides("http", { route = { POST = register } });
