-- Calls the functions of mod_invites like other modules, and returns their results.
--
-- `POST /invites_probe` takes a list of steps: `{"call": NAME, "args": [...], "as": LABEL}` calls a function, where
-- `{"token": LABEL}` among the arguments is the token of an earlier result; `{"use": LABEL}` calls the method of an
-- earlier result; `{"handlers": {...}}` has handlers of `invite-created` change invites from then on; `{"nparams": NAME}`
-- looks at a function; `{"list": true}` walks through the pending invites.

local json = require "util.json";

module:depends("http");
local invites = module:depends("invites");

local changes = {};

-- What an event carries, as it is at that moment; and what handlers change, as the community's modules do:
-- mod_invites_default_group replaces the additional data, mod_invites_page sets a landing page.
local seen;
module:hook("invite-created", function (invite)
	local is_stored = invites.get(invite.token) ~= nil or invites.get_account_invite_info(invite.token) ~= nil;
	seen = { type = invite.type, jid = invite.jid, has_token = type(invite.token) == "string", is_stored = is_stored };
	if changes.groups then invite.additional_data = { groups = changes.groups }; end
	if changes.roles then
		invite.additional_data = invite.additional_data or {};
		invite.additional_data.roles = changes.roles;
	end
	if changes.page then invite.landing_page = changes.page.."?"..invite.token; end
	if changes.field then invite.probe = changes.field; end
end);

-- Anything as JSON can hold it; methods by their names.
local function plain(value)
	if value == json.null then return value; end
	if type(value) ~= "table" then
		return type(value) == "function" and "function" or value;
	end
	local copy = {};
	for k, v in pairs(value) do copy[type(k) == "number" and k or tostring(k)] = plain(v); end
	local mt = getmetatable(value);
	if mt and type(mt.__index) == "table" and mt.__index.use then copy.has_use = true; end
	return copy;
end

local labels = {};

local function argument(value)
	if value == json.null then return nil; end
	if type(value) == "table" and value.token and labels[value.token] then return labels[value.token].token; end
	return value;
end

local function returned(step, ...)
	local first = ...;
	if step.as then labels[step.as] = first; end
	local values = {};
	for at = 1, math.max(select("#", ...), 1) do
		local value = select(at, ...);
		values[at] = value == nil and json.null or plain(value);
	end
	return values;
end

local function run(step)
	if step.nparams then
		local info = debug.getinfo(invites[step.nparams], "u");
		return info.nparams;
	elseif step.handlers then
		changes = step.handlers;
		return true;
	elseif step.use then
		return labels[step.use]:use();
	elseif step.list then
		local all = {};
		for token, invite in invites.pending_account_invites() do
			all[#all + 1] = { token, plain(invite) };
		end
		table.sort(all, function (a, b) return a[1] < b[1]; end);
		return all;
	end
	local args, n = step.args or {}, 0;
	local list = {};
	for at, value in pairs(args) do
		if type(at) == "number" then list[at], n = argument(value), math.max(n, at); end
	end
	seen = nil;
	local ran, values = pcall(function ()
		return returned(step, invites[step.call](table.unpack(list, 1, n)));
	end);
	return { values = ran and values or "raised an error", event = seen };
end

module:provides("http", { route = { POST = function (event)
	local results = {};
	for at, step in ipairs(json.decode(event.request.body)) do results[at] = run(step); end
	event.response.headers["Content-Type"] = "application/json";
	return json.encode(results);
end } });
