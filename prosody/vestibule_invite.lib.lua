-- Converts invites between the form of Prosody's modules and that of Vestibule's API.
--
-- The privileges of an invite (roles, groups, the account of a reset) have their own fields in the API and are read
-- only from these. Other data of Prosody's modules is in `data.prosody` and is used only in invites created with this
-- bridge's key; other `data` is passed on as `additional_data.data`.

local datetime = require "util.datetime";
local json = require "util.json";
local jid_split = require "util.jid".split;
local usermanager = require "core.usermanager";

-- Prosody 13 keeps roles as a list with the primary role first, 0.12 as a set.
local roles_are_listed = usermanager.set_user_role ~= nil;

-- Fields of an invite that have their own names in the API, or are derived from others.
local KNOWN = {
	type = true, jid = true, token = true, allow_registration = true, additional_data = true, uri = true;
	created_at = true, expires = true, reusable = true, landing_page = true;
};

-- Placeholder for the token in a landing page stored before the token exists.
local TOKEN = "{token}";

local function present(value)
	if value == json.null then return nil; end
	return value;
end

local function copy(from)
	local to = {};
	for k, v in pairs(type(from) == "table" and from or {}) do to[k] = v; end
	return to;
end

-- Returns a list of names from a list, a set or a single name; nil without a name.
local function listed(names)
	if type(names) == "string" then return names ~= "" and { names } or nil; end
	if type(names) ~= "table" then return nil; end
	local list, set = {}, {};
	for _, name in ipairs(names) do list[#list + 1] = name; end
	for name, is_in in pairs(names) do
		if type(name) == "string" and is_in then set[#set + 1] = name; end
	end
	table.sort(set);
	for _, name in ipairs(set) do list[#list + 1] = name; end
	return #list > 0 and list or nil;
end

local function native_roles(roles)
	if roles_are_listed then return roles; end
	local set = {};
	for _, role in ipairs(roles) do set[role] = true; end
	return set;
end

-- Returns the bridge's own part of an invite's `data`, and the rest.
local function envelope_of(view, key_id)
	local data = copy(present(view.data));
	if view.source ~= "api/token/"..key_id or type(data.prosody) ~= "table" then
		return nil, next(data) and data or nil;
	end
	local envelope = data.prosody;
	data.prosody = nil;
	return envelope, next(data) and data or nil;
end

-- Returns the invite's additional_data; nil if it is empty.
local function additional_data(view, envelope, rest)
	local data = copy(envelope and envelope.additional_data);
	if not envelope then data.source = present(view.source); end
	for _, name in ipairs { "groups", "roles" } do
		local given = present(view[name]);
		if given and #given > 0 then
			data[name] = name == "roles" and native_roles(given) or given;
		elseif type(data[name]) == "table" and next(data[name]) == nil then
			data[name] = {};
		else
			data[name] = nil;
		end
	end
	data.note = present(view.note);
	data.data = rest;
	data.allow_reset = view.kind == "password-reset" and view.username or nil;
	return next(data) and data or nil;
end

-- Returns an invite in the form of Prosody's own store.
local function read(view, key_id)
	local username, inviter = present(view.username), present(view.inviter);
	local is_roster = view.kind == "contact" or view.kind == "account-and-contact";
	local envelope, rest = envelope_of(view, key_id);
	local page = envelope and envelope.landing_page;
	local invite = copy(envelope and envelope.fields);
	for name in pairs(KNOWN) do invite[name] = nil; end
	invite.type = is_roster and "roster" or "register";
	invite.jid = is_roster and inviter.."@"..module.host
		or username and username.."@"..module.host or module.host;
	invite.token = view.token;
	invite.allow_registration = view.kind ~= "contact";
	invite.additional_data = additional_data(view, envelope, rest);
	invite.uri = present(view.uri);
	invite.created_at = math.floor(datetime.parse(view.created_at));
	invite.expires = math.floor(datetime.parse(view.expires_at));
	invite.reusable = view.max_uses ~= 1 or nil;
	invite.landing_page = type(page) == "string" and page:gsub(TOKEN, (view.token:gsub("%%", "%%%%")))
		or present(view.url);
	return invite;
end

-- Returns whether the value can be encoded as JSON.
local function is_plain(value, depth)
	local kind = type(value);
	if kind == "string" or kind == "number" or kind == "boolean" then return true; end
	if kind ~= "table" or depth > 16 then return false; end
	for k, v in pairs(value) do
		if not is_plain(k, depth + 1) or not is_plain(v, depth + 1) then return false; end
	end
	return true;
end

-- Returns the content of `data`: everything without a field in the API.
local function envelope_for(invite, provisional_token)
	local envelope = { fields = {} };
	for name, value in pairs(invite) do
		if not KNOWN[name] and is_plain(value, 0) then envelope.fields[name] = value; end
	end
	if next(envelope.fields) == nil then envelope.fields = nil; end
	local page = invite.landing_page;
	if type(page) == "string" and page ~= "" then
		local pattern = provisional_token:gsub("%p", "%%%0");
		envelope.landing_page = page:gsub(pattern, (TOKEN:gsub("%%", "%%%%")));
	end
	local extra = {};
	for name, value in pairs(copy(invite.additional_data)) do
		local is_field = name == "allow_reset" or name == "note" or name == "groups" or name == "roles";
		local is_empty = (name == "groups" or name == "roles") and type(value) == "table" and next(value) == nil;
		if (is_empty or not is_field) and is_plain(value, 0) then extra[name] = value; end
	end
	if next(extra) then envelope.additional_data = extra; end
	return { prosody = envelope };
end

-- Returns the body of POST /v1/invites for an invite after its event `invite-created`. Prosody's invites have no field
-- for `kind`, `contact_username` and `inviter_roles`; `asked_ttl` is the requested lifetime, and `default_expires` the
-- value of `expires` before the event.
local function draft(invite, more)
	local additional = copy(invite.additional_data);
	local name = jid_split(invite.jid);
	local body = { kind = more.kind };
	-- Handlers set these on invites of any kind; they apply only to new accounts.
	if more.kind == "account" or more.kind == "account-and-contact" then
		body.groups, body.roles = listed(additional.groups), listed(additional.roles);
	end
	if more.kind == "contact" or more.kind == "account-and-contact" then
		body.inviter, body.username = name, more.contact_username;
		body.inviter_roles = more.inviter_roles;
	else
		body.username = name;
	end
	local note = additional.note;
	if type(note) == "string" and note ~= "" then body.note = note; end
	local ttl = more.asked_ttl;
	if invite.expires ~= more.default_expires then ttl = invite.expires - os.time(); end
	if ttl then body.expires_in = ("%ds"):format(math.max(1, math.floor(ttl))); end
	if invite.reusable then body.max_uses = json.null; end
	body.data = envelope_for(invite, more.provisional_token);
	return body;
end

return { read = read, draft = draft, listed = listed, present = present, copy = copy };
