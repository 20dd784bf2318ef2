-- Stores invites in Vestibule. Replaces Prosody's own mod_invites under the same name and with the same functions, so
-- that every module that creates or checks invites uses Vestibule unchanged. (A host without `vestibule_key` keeps
-- the replaced module: see vestibule_stock.lib.lua.)
--
-- Unlike the original, it decides at registration in one atomic step: a use is claimed before the account is created,
-- and completed once the account exists.

local gettime = require "socket".gettime;

local vestibule = module:require "vestibule";

-- prosodyctl loads this for no host; module.command decides by the host that it is given.
if prosody.process_type == "prosody" and not vestibule.is_configured() then
	module:log("info", "Prosody keeps the invites of this host itself: vestibule_key is not set");
	return module:require "vestibule_stock" ("invites");
end

local ask = vestibule.ask;
local shape = module:require "vestibule_invite";
local minting = module:require "vestibule_create" (vestibule, shape);
local outbox, redemptions;
if prosody.process_type == "prosody" then
	outbox = module:require "vestibule_outbox" (vestibule);
	redemptions = module:require "vestibule_redemption" (vestibule, outbox);
end

-- The original's error texts, also used for refusals that the original does not have.
local function word_of(problem)
	if problem.type == "token-expired" then return "token-expired"; end
	if problem.type == "away" or problem.type == "rate-limited" or problem.type == "token-busy" then
		return "service-unavailable";
	end
	return "token-invalid";
end

-- The functions below have the names, parameters and results of the original: other modules use all of these.
-- luacheck: push ignore 131
function create_account(account_username, additional_data, ttl)
	local reset_for = additional_data and additional_data.allow_reset;
	if reset_for then return minting.reset(reset_for, additional_data, ttl); end
	return minting.account(account_username, additional_data, ttl);
end

-- Newer callers put the additional data before the lifetime.
function create_account_reset(account_username, ttl, ...)
	local additional_data;
	if type(ttl) == "table" or (ttl == nil and (...) ~= nil) then additional_data, ttl = ttl, (...); end
	return minting.reset(account_username, additional_data, ttl or 86400);
end

function create_contact(username, allow_registration, additional_data, ttl)
	return minting.contact(username, allow_registration, additional_data, ttl);
end

-- With an explicit lifetime it has unlimited uses during that time.
function create_group(group_ids, additional_data, ttl)
	local merged = { groups = shape.listed(group_ids) };
	for name, value in pairs(additional_data or {}) do merged[name] = value; end
	return minting.account(nil, merged, ttl, not not ttl);
end

-- Beyond the original: an invite to register as a contact, for only one username.
function create_bound_contact(username, contact_username, additional_data, ttl)
	return minting.contact(username, true, additional_data, ttl, contact_username);
end

-- Returns an iterator of all pending invites for accounts, read in pages. Calls `failed` with the problem if a page
-- cannot be read.
function each_pending_invite(failed)
	local page, at, cursor = {}, 0, "";
	return function ()
		while true do
			at = at + 1;
			if page[at] then
				local view = page[at];
				if type(view.token) == "string" and view.kind ~= "contact" then
					return view.token, shape.read(view, vestibule.key_id());
				end
			elseif cursor then
				local path = "/v1/invites?state=pending&limit=500"..(cursor ~= "" and "&cursor="..cursor or "");
				local answer, problem = ask("GET", path, nil, "items");
				if not answer then return failed(problem); end
				page, at, cursor = answer.items, 0, shape.present(answer.next_cursor);
			else
				return nil;
			end
		end
	end;
end

function pending_account_invites()
	return each_pending_invite(function (problem)
		module:log("error", "The list of invites is incomplete: %s", problem.detail or problem.title);
	end);
end

-- The view of a valid token.
local function check(token)
	if type(token) ~= "string" or token == "" then return nil, "no-token"; end
	local asked_at = gettime();
	local view, problem = ask("POST", "/v1/redemptions/check", { token = token }, "admission");
	if not view then
		module:log("debug", "The token is not good: %s", problem.type);
		return nil, word_of(problem), problem;
	end
	if redemptions and redemptions.is_redeemed(view.id, asked_at) then
		return nil, "token-invalid", { type = "token-used", title = "The invite has been used" };
	end
	if type(view.token) ~= "string" then view.token = token:match("^[^~]+"); end
	return view;
end

function get_account_invite_info(token)
	local view, err, problem = check(token);
	if not view then
		if err == "service-unavailable" then return nil, err, problem.title; end
		return nil, err;
	end
	if view.kind == "contact" then return nil, "token-invalid"; end
	-- Notes are for managers of invites: checking a token does not show them.
	local whole = ask("GET", "/v1/invites/"..view.id);
	view.note = whole and whole.note or nil;
	return shape.read(view, vestibule.key_id());
end

-- Deleting an unknown invite is not an error, as in the original.
function delete_account_invite(token)
	local view, err, problem = check(token);
	if not view then
		if err == "token-invalid" or err == "token-expired" then return true; end
		if err == "service-unavailable" then return nil, err, problem.title; end
		return nil, err;
	end
	local deleted;
	deleted, problem = ask("DELETE", "/v1/invites/"..view.id);
	if deleted or problem.type == "not-found" then return true; end
	return nil, word_of(problem), problem.title;
end

-- Returns the invite of a valid token: with a username for a contact request, without one for an account.
-- Beyond the original's results it returns the problem that the API answered with.
function find(token, username)
	local view, err, problem = check(token);
	if not view then return nil, err, problem; end
	local invite = shape.read(view, vestibule.key_id());
	local inviter = invite.type == "roster" and view.inviter or nil;
	if username and username ~= inviter or not username and not invite.allow_registration then
		return nil, "token-invalid";
	end
	local reusable = invite.reusable;
	-- Prosody 13 returns false, 0.12 nothing.
	if module.may and not reusable then reusable = false; end
	return redemptions.new({
		token = invite.token, type = invite.type, uri = invite.uri, reusable = reusable;
		username = inviter, inviter = not username and inviter or nil;
		additional_data = invite.additional_data;
	}, view);
end

function get(token, username)
	local invite, err = find(token, username);
	if not invite then return nil, err; end
	return invite;
end

function use(token)
	local invite = get(token);
	return invite and invite:use();
end
-- luacheck: pop

if prosody.process_type == "prosody" then
	module:require "vestibule_registration" (vestibule, outbox, redemptions, find);
	module:require "vestibule_accounts" (outbox, redemptions);
	module:require "vestibule_shell" (module.environment);
	module:log("info", "Vestibule at %s keeps the invites of this host, by the key %s",
		(vestibule.settings()), vestibule.key_id());
end

function module.command(arg)
	local host = arg[2];
	if host and prosody.hosts[host] then
		module.host = host;
		if not vestibule.is_configured() then
			module.host = "*";
			local loaded, problem = pcall(module:require "vestibule_stock", "invites");
			if not loaded then
				print("Error: "..tostring(problem));
				return 1;
			end
			return module.command(arg);
		end
	end
	return module:require "vestibule_generate" (module.environment, arg);
end
