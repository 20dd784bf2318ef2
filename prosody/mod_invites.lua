-- Invites live in Vestibule. This takes the place of Prosody's own mod_invites, under its name and with its
-- functions, so that every module which makes or checks invites uses Vestibule without knowing it.
--
-- Beyond the original it decides at the moment of registration, in one step that Vestibule makes atomic:
-- a use is claimed before the account is made, and completed when it is there.

local datetime = require "util.datetime";
local json = require "util.json";
local usermanager = require "core.usermanager";

local vestibule = module:require "vestibule";
local ask = vestibule.ask;

-- Prosody 13 keeps roles as a list, 0.12 as a set.
local roles_are_listed = usermanager.set_user_role ~= nil;

local invite_methods = {};
local invite_mt = { __index = invite_methods };

local function copy(from)
	local to = {};
	for k, v in pairs(from or {}) do to[k] = v; end
	return to;
end

-- Either shape of a list of names, as a list.
local function listed(names)
	local list = {};
	for k, v in pairs(names or {}) do
		if type(k) == "number" then
			list[#list + 1] = v;
		elseif v then
			list[#list + 1] = k;
		end
	end
	table.sort(list);
	return #list > 0 and list or nil;
end

local function present(value)
	if value == json.null then return nil; end
	return value;
end

-- What modules know of an invite's maker, groups and roles.
local function additional_data(view)
	local data = copy(present(view.data));
	if view.groups and #view.groups > 0 then data.groups = data.groups or view.groups; end
	if view.roles and #view.roles > 0 and not data.roles then
		data.roles = view.roles;
		if not roles_are_listed then
			data.roles = {};
			for _, role in ipairs(view.roles) do data.roles[role] = true; end
		end
	end
	data.note = data.note or present(view.note);
	data.source = data.source or view.source;
	if view.kind == "password-reset" then data.allow_reset = view.username; end
	return data;
end

-- An invite as Prosody's modules expect it.
local function read(view)
	local username, inviter = present(view.username), present(view.inviter);
	local is_roster = view.kind == "contact" or view.kind == "account-and-contact";
	local jid = module.host;
	if is_roster then
		jid = inviter.."@"..module.host;
	elseif username then
		jid = username.."@"..module.host;
	end
	return setmetatable({
		id = view.id;
		kind = view.kind;
		type = is_roster and "roster" or "register";
		jid = jid;
		inviter = is_roster and inviter or nil;
		token = view.token;
		uri = view.uri;
		landing_page = view.url;
		allow_registration = view.kind ~= "contact";
		additional_data = additional_data(view);
		created_at = datetime.parse(view.created_at);
		expires = datetime.parse(view.expires_at);
		reusable = view.max_uses ~= 1 or nil;
		admission = view.admission;
	}, invite_mt);
end

-- The words that the original answers with.
local ERRORS = { ["token-expired"] = "token-expired", away = "service-unavailable" };

local function error_word(problem)
	return ERRORS[problem.type] or "token-invalid";
end

local function mint(wanted, additional, ttl, reusable)
	local data = copy(additional);
	wanted.groups, wanted.roles = listed(data.groups), listed(data.roles);
	wanted.note = type(data.note) == "string" and data.note or nil;
	data.allow_reset, data.note = nil, nil;
	if not wanted.groups then data.groups = nil; end
	if not wanted.roles then data.roles = nil; end
	wanted.data = next(data) and data or nil;
	wanted.expires_in = ttl and ("%ds"):format(math.max(1, math.floor(ttl))) or nil;
	if reusable then wanted.max_uses = json.null; end
	local view, problem = ask("POST", "/v1/invites", wanted, "token");
	if not view then
		module:log("warn", "No invite was made: %s", problem.detail or problem.title);
		return nil, problem.type == "away" and "service-unavailable" or "internal-server-error", problem;
	end
	local invite = read(view);
	-- Here other modules set a landing page of their own.
	module:fire_event("invite-created", invite);
	return invite;
end

-- luacheck: push ignore 131
function create_account(username, additional, ttl, reusable)
	if additional and additional.allow_reset then
		return create_account_reset(additional.allow_reset, ttl, additional);
	end
	local wanted = { kind = "account", username = username };
	return mint(wanted, additional, ttl, reusable);
end

function create_account_reset(username, ttl, additional)
	return mint({ kind = "password-reset", username = username }, additional, ttl or 86400);
end

-- The last one goes beyond the original: the username that the new contact registers.
function create_contact(username, allow_registration, additional, ttl, contact_username)
	local kind = allow_registration and "account-and-contact" or "contact";
	return mint({ kind = kind, inviter = username, username = contact_username }, additional, ttl);
end

-- With a time of its own it is good for any number of people in that time.
function create_group(group_ids, additional, ttl)
	local data = copy(additional);
	data.groups = group_ids;
	return mint({ kind = "account" }, data, ttl, ttl ~= nil);
end

function pending_account_invites()
	local page, at, cursor = {}, 0, "";
	return function ()
		while true do
			at = at + 1;
			if page[at] then
				local invite = page[at].token ~= json.null and read(page[at]);
				if invite and invite.allow_registration then return invite.token, invite; end
			elseif cursor then
				local path = "/v1/invites?state=pending&limit=500"..(cursor ~= "" and "&cursor="..cursor or "");
				local answer = ask("GET", path, nil, "items");
				if not answer then return nil; end
				page, at, cursor = answer.items, 0, present(answer.next_cursor);
			else
				return nil;
			end
		end
	end;
end

local function check(token)
	if type(token) ~= "string" or token == "" then return nil, "no-token"; end
	local view, problem = ask("POST", "/v1/redemptions/check", { token = token }, "admission");
	if not view then
		module:log("debug", "The token is not good: %s", problem.type);
		return nil, error_word(problem), problem;
	end
	return read(view);
end

function get_account_invite_info(token)
	local invite, err = check(token);
	if not invite then return nil, err; end
	if not invite.allow_registration then return nil, "token-invalid"; end
	return invite;
end

function delete_account_invite(token)
	local invite, err = check(token);
	if not invite then return nil, err; end
	local deleted, problem = ask("DELETE", "/v1/invites/"..invite.id);
	if not deleted then return nil, error_word(problem); end
	return true;
end

-- A token that is good now. With a username: for becoming a contact of that user; without: for an account.
function get(token, username)
	local invite, err, problem = check(token);
	if not invite then return nil, err, problem; end
	if username then
		if invite.type ~= "roster" or invite.inviter ~= username then return nil, "token-invalid"; end
		invite.username = username;
	elseif not invite.allow_registration then
		return nil, "token-invalid";
	elseif invite.type == "roster" then
		invite.username = invite.inviter;
	end
	return invite;
end

function use(token)
	local invite = get(token);
	return invite and invite:use();
end
-- luacheck: pop

-- Takes one use, for a username or, without one, for a contact. On a no, a problem says why.
function invite_methods:claim(username)
	local claim, problem = ask("POST", "/v1/redemptions", {
		token = self.token, username = username, admission = self.admission;
	}, "claim");
	if not claim then return nil, problem; end
	self.open_claim = claim.claim;
	return true;
end

-- Completions that Vestibule has not heard of yet. The account is there, so they must reach it one day.
local outstanding;
if prosody.process_type == "prosody" then
	outstanding = module:open_store("vestibule_completions", "map");
end

local function tell_completion(claim, completion)
	local told, problem = ask("POST", "/v1/redemptions/"..claim.."/complete", completion, "claim");
	if told then return true; end
	if problem.type == "away" then return false; end
	module:log("error", "The redemption by %s was not recorded: %s", completion.jid, problem.detail or problem.type);
	return true;
end

-- The account or contact is there: the use is spent for good.
function invite_methods:complete(jid, via)
	local claim = self.open_claim;
	if not claim then return; end
	self.open_claim, self.spent = nil, true;
	local completion = { jid = jid, via = via };
	if not tell_completion(claim, completion) and outstanding then
		outstanding:set(nil, claim, completion);
	end
end

-- Nothing came of it: the use is given back. Where that is not heard, the claim runs out by itself.
function invite_methods:release()
	local claim = self.open_claim;
	if not claim then return; end
	self.open_claim = nil;
	ask("DELETE", "/v1/redemptions/"..claim);
end

-- For modules that only know the original's way: whoever came in by the invite has been seen to already, as
-- an account; where nobody has, it is for a contact, or it is not to be used any more.
function invite_methods:use()
	if self.open_claim or self.spent or self.reusable then return true; end
	if self.type == "roster" and self:claim() then
		self:complete(module.host, "module");
	elseif self.type ~= "roster" then
		ask("DELETE", "/v1/invites/"..self.id);
	end
	return true;
end

if prosody.process_type == "prosody" then
	module:require "vestibule_registration" (ask, outstanding, tell_completion);
	module:require "vestibule_shell" (module.environment, ask);
end

function module.command(arg)
	return module:require "vestibule_generate" (module.environment, arg);
end
