-- Creates invites for Prosody's modules: checks the request, lets other modules change it (the event
-- `invite-created`), and has Vestibule create the invite.

local nodeprep = require "util.encodings".stringprep.nodeprep;
local new_uuid = require "util.uuid".generate;
local usermanager = require "core.usermanager";

local visible = module:require "vestibule_visible";

-- The lifetime in seconds that handlers of `invite-created` see by default; Vestibule's own default is used.
local USUAL_TTL = 7 * 86400;

-- Prosody's error texts for an invite that was not created.
local WORDS = {
	["username-reserved"] = "conflict", ["username-not-allowed"] = "not-acceptable", ["invalid"] = "not-acceptable";
	["rate-limited"] = "resource-constraint", ["limit-reached"] = "resource-constraint";
	["inviter-stopped"] = "not-allowed";
	["away"] = "service-unavailable";
};

-- Page templates of Prosody 13's own mod_invites: its options `invites_page` and `invites_page_supports`.
local function hook_page_template()
	local template = module.may and module:get_option_string("invites_page");
	if not template then return; end
	local url_escape = require "util.http".urlencode;
	local render = require "util.interpolation".new("%b{}", url_escape, {
		urlescape = url_escape;
		noscheme = function (url) return (url:gsub("^[^:]+:", "")); end;
	});
	local supported = module:get_option_set("invites_page_supports", { "account", "contact", "account-and-contact" });
	module:hook("invite-created", function (invite)
		if invite.landing_page then return; end
		local kind = "account";
		if invite.type == "roster" then
			kind = invite.allow_registration and "account-and-contact" or "contact-only";
		end
		if supported:contains(kind) then
			invite.landing_page = render(template, { host = module.host, invite = invite });
		end
	end, -1);
end

-- Returns whether the account exists and whether it is enabled; nil if unknown (in prosodyctl).
local function account_of(username)
	if prosody.process_type ~= "prosody" then
		local ready = pcall(function ()
			require "core.storagemanager".initialize_host(module.host);
			local provider = prosody.hosts[module.host].users;
			if not provider or provider.name == "null" then usermanager.initialize_host(module.host); end
		end);
		if not ready then return nil; end
	end
	local known, exists = pcall(usermanager.user_exists, username, module.host);
	if not known then return nil; end
	local enabled = true;
	if exists and usermanager.user_is_enabled then
		local told, is_enabled = pcall(usermanager.user_is_enabled, username, module.host);
		enabled = not told or is_enabled ~= false;
	end
	return { exists = not not exists, enabled = enabled };
end

-- Returns the roles of an account, which select its limits in Vestibule. Prosody 13 has a primary and secondary roles
-- of a username, 0.12 a set of roles of an address.
local function roles_of(username)
	if prosody.process_type ~= "prosody" then return nil; end
	local host, names = module.host, {};
	if usermanager.get_user_role then
		local told, role = pcall(usermanager.get_user_role, username, host);
		if told and type(role) == "table" then names[#names + 1] = role.name; end
		local more;
		told, more = pcall(usermanager.get_user_secondary_roles, username, host);
		for name in pairs(told and type(more) == "table" and more or {}) do names[#names + 1] = name; end
	elseif usermanager.get_roles then
		local told, roles = pcall(usermanager.get_roles, username.."@"..host, host);
		for name in pairs(told and type(roles) == "table" and roles or {}) do names[#names + 1] = name; end
	end
	return #names > 0 and names or nil;
end

local function unknown_role(roles)
	if not usermanager.get_all_roles or prosody.process_type ~= "prosody" then return nil; end
	local told, known = pcall(usermanager.get_all_roles, module.host);
	if not told or type(known) ~= "table" then return nil; end
	for _, role in ipairs(roles or {}) do
		if not known[role] then return role; end
	end
end

return function (vestibule, shape)
	hook_page_template();

	-- Returns the normalized username, or nil and the reason.
	local function prepared(username)
		local name = type(username) == "string" and nodeprep(username) or nil;
		if name and name ~= "" then return name; end
		return nil, "jid-malformed", ('"%s" is not a username'):format(tostring(username));
	end

	-- Returns nil if the account fits the kind of invite; otherwise Prosody's error code and a message.
	local function misfit(kind, name)
		local account = account_of(name);
		if not account then return nil; end
		local jid = name.."@"..module.host;
		if kind == "account" then
			if account.exists then return "conflict", "The account "..jid.." exists already"; end
		elseif not account.exists then
			return "item-not-found", "There is no account "..jid;
		elseif not account.enabled then
			return "not-allowed", "The account "..jid.." is disabled";
		end
	end

	local function refused(word, sentence)
		sentence = visible(sentence);
		-- prosodyctl prints it.
		if prosody.process_type == "prosody" then module:log("info", "No invite was made: %s", sentence); end
		return nil, word, sentence;
	end

	-- `more` contains the fields that Prosody's invites lack; see vestibule_invite.lib.lua.
	local function make(invite_type, name, additional_data, ttl, reusable, more)
		local host = module.host;
		local token = (new_uuid():gsub("%-", ""));
		local allow_registration = more.kind ~= "contact";
		local created_at = os.time();
		local invite = {
			type = invite_type, jid = name and name.."@"..host or host, token = token;
			allow_registration = allow_registration, additional_data = additional_data;
			created_at = created_at, expires = created_at + (ttl or USUAL_TTL), reusable = reusable or nil;
		};
		invite.uri = ("xmpp:%s?%s;preauth=%s%s"):format(invite.jid, invite_type, token,
			invite_type == "roster" and allow_registration and ";ibr=y" or "");
		more.asked_ttl, more.default_expires, more.provisional_token = ttl, invite.expires, token;
		-- Handlers change the invite before it is created, such as its landing page and groups.
		module:fire_event("invite-created", invite);
		local body = shape.draft(invite, more);
		local role = unknown_role(body.roles);
		if role then return refused("item-not-found", "There is no role "..tostring(role).." on "..host); end
		local view, problem = vestibule.ask("POST", "/v1/invites", body, "token", { ["Idempotency-Key"] = new_uuid() });
		if not view then
			local sentence = problem.detail or problem.title;
			local word = WORDS[problem.type] or "internal-server-error";
			-- Outages of Vestibule are logged by vestibule.lib.lua.
			if problem.type == "away" then return nil, word, sentence; end
			return refused(word, sentence);
		end
		-- Handlers may have kept the invite of the event, so it becomes the created one.
		for field in pairs(invite) do invite[field] = nil; end
		for field, value in pairs(shape.read(view, vestibule.key_id())) do invite[field] = value; end
		return invite;
	end

	local minting = {};

	function minting.account(username, additional_data, ttl, reusable)
		local name;
		if username then
			local word, sentence;
			name, word, sentence = prepared(username);
			if name then word, sentence = misfit("account", name); end
			if word then return refused(word, sentence); end
		end
		return make("register", name, additional_data, ttl, reusable, { kind = "account" });
	end

	function minting.reset(username, additional_data, ttl)
		local name, word, sentence = prepared(username);
		if name then word, sentence = misfit("password-reset", name); end
		if word then return refused(word, sentence); end
		local data = shape.copy(additional_data);
		data.allow_reset = name;
		return make("register", name, data, ttl, nil, { kind = "password-reset" });
	end

	function minting.contact(username, allow_registration, additional_data, ttl, contact_username)
		local name, word, sentence = prepared(username);
		if name then word, sentence = misfit("contact", name); end
		local contact = contact_username;
		if contact and not word then
			contact, word, sentence = prepared(contact);
			if contact then word, sentence = misfit("account", contact); end
		end
		if word then return refused(word, sentence); end
		local kind = allow_registration and "account-and-contact" or "contact";
		local more = { kind = kind, contact_username = contact, inviter_roles = roles_of(name) };
		return make("roster", name, additional_data, ttl, nil, more);
	end

	return minting;
end
