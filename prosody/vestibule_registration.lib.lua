-- The moment of registration. Whoever registers by an invite must hold one of its uses before the account is
-- made; a username that is held for an invite is nobody else's.

local async = require "util.async";
local url_escape = require "util.http".urlencode;
local usermanager = require "core.usermanager";

-- How a problem reads to somebody who registers: type and condition of the stanza error, and words.
local REFUSALS = {
	["away"] = { "wait", "service-unavailable", "Invites cannot be checked right now. Please try again later." };
	["token-expired"] = { "cancel", "forbidden", "This invite has expired." };
	["token-used"] = { "cancel", "forbidden", "This invite has been used." };
	["token-revoked"] = { "cancel", "forbidden", "This invite is no longer valid." };
	["token-unknown"] = { "cancel", "forbidden", "This invite is not known here." };
	["username-reserved"] = { "cancel", "conflict", "This username is reserved for somebody else." };
	["username-not-allowed"] = { "modify", "not-acceptable", "This invite is for another username." };
	["invalid"] = { "modify", "not-acceptable", "This username cannot be used." };
	["no-account"] = { "cancel", "item-not-found", "There is no such account." };
};

local RETRY_SECONDS = 30;

local function refuse(event, problem)
	local refusal = REFUSALS[problem.type] or REFUSALS.away;
	event.allowed = false;
	event.error_type, event.error_condition, event.reason = refusal[1], refusal[2], refusal[3];
end

-- The invite of a registration, where it has one of ours.
local function invite_of(event)
	local invite = event.validated_invite or (event.session and event.session.validated_invite);
	return invite and invite.claim and invite or nil;
end

-- Which way somebody came in, for the record.
local function way(event)
	if event.session then return "ibr"; end
	local source = tostring(event.source or "module"):gsub("^mod_", ""):gsub("[^%l%d]+", "-"):sub(1, 32);
	return source ~= "" and source or "module";
end

return function (ask, outstanding, tell_completion)
	-- Last of all, when every other module has had its say: a use is taken only if nothing else is in the way.
	module:hook("user-registering", function (event)
		if event.allowed == false then return; end
		local invite = invite_of(event);
		if not invite then
			local found, problem = ask("GET", "/v1/usernames/"..url_escape(event.username), nil, "reserved");
			if not found then
				refuse(event, problem);
			elseif found.reserved then
				refuse(event, { type = "username-reserved" });
			end
			return;
		end
		if invite.kind == "password-reset" then
			-- Without this, Prosody 0.12 would make an account where there is none.
			if not usermanager.user_exists(event.username, module.host) then
				return refuse(event, { type = "no-account" });
			end
			event.allow_reset = invite.additional_data.allow_reset;
		end
		local claimed, problem = invite:claim(event.username);
		if not claimed then refuse(event, problem); end
	end, -1000);

	-- In a coroutine of its own: the other modules go on with the new account, contacts and roles, meanwhile.
	local function completed(event)
		local invite = invite_of(event);
		if not invite then return; end
		local jid, via = event.username.."@"..module.host, way(event);
		async.runner(function () invite:complete(jid, via); end):run(true);
	end
	module:hook("user-registered", completed, 1000);
	module:hook("user-password-reset", completed, 1000);

	-- In-band registration says nothing when it fails after all, but by now it is over.
	module:wrap_event("stanza/iq/jabber:iq:register:query", function (handlers, name, event)
		local result = handlers(name, event);
		local invite = invite_of({ session = event.origin });
		if invite and invite.open_claim then invite:release(); end
		return result;
	end);

	-- Completions that could not be told when they happened, also before a restart.
	local store = module:open_store("vestibule_completions");
	local retry = async.runner(function ()
		for claim, completion in pairs(store:get(nil) or {}) do
			if not tell_completion(claim, completion) then return; end
			outstanding:set(nil, claim, nil);
		end
	end);
	module:add_timer(1, function ()
		if retry.state == "ready" then retry:run(true); end
		return RETRY_SECONDS;
	end);
end
