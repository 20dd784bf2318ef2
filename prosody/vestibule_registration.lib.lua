-- Registration. A use of the invite is claimed before the account is created; a username reserved for an invite is
-- not available to others.

local async = require "util.async";
local st = require "util.stanza";
local url_escape = require "util.http".urlencode;

local visible = module:require "vestibule_visible";

-- Errors for the registering client: type and condition of the stanza error, and a text.
local REFUSALS = {
	["away"] = { "wait", "service-unavailable", "Invites cannot be checked right now. Please try again later." };
	["token-busy"] = { "wait", "resource-constraint",
		"Somebody is registering with this invite right now. Please try again in a minute." };
	["rate-limited"] = { "wait", "resource-constraint", "There were too many attempts. Please try again in a minute." };
	["name-busy"] = { "wait", "resource-constraint",
		"Somebody is registering this username right now. Please try again in a minute." };
	["token-expired"] = { "cancel", "forbidden", "This invite has expired." };
	["token-used"] = { "cancel", "forbidden", "This invite has been used." };
	["spent"] = { "cancel", "forbidden", "An account was made with this invite already." };
	["token-revoked"] = { "cancel", "forbidden", "This invite is no longer valid." };
	["token-unknown"] = { "cancel", "forbidden", "This invite is not known here." };
	["username-reserved"] = { "cancel", "conflict", "This username is reserved for somebody else." };
	["username-taken"] = { "cancel", "conflict", "This username is taken." };
	["username-not-allowed"] = { "modify", "not-acceptable",
		"This username cannot be used on this server. Please choose another." };
	["other-username"] = { "modify", "not-acceptable", "This invite is for another username." };
	["invalid"] = { "modify", "not-acceptable", "This username cannot be used." };
	["password-not-allowed"] = { "modify", "not-acceptable",
		"This password cannot be used: it has characters that apps cannot send, or right-to-left text that does not "
			.."begin and end with a letter. Please choose another password." };
	["no-account"] = { "cancel", "item-not-found", "There is no such account." };
	["no-connection"] = { "wait", "service-unavailable", "The connection was closed before the invite was checked." };
	["no-storage"] = { "wait", "service-unavailable", "Accounts cannot be created right now. Please try again later." };
	["account-disabled"] = { "cancel", "not-allowed", "This account is disabled." };
};

-- Seconds after a claim within which its account is created or the registration has failed. Below the 60 of a lease.
local SETTLED_AFTER = 20;

-- Seconds after which the username of a registration without a result is available to others.
local NAME_HELD = 5;

-- Seconds after which a registration that still waits for its claim has failed.
local ABANDONED_AFTER = 60;

local function refuse(event, problem)
	local refusal = REFUSALS[problem.type] or REFUSALS.away;
	event.allowed = false;
	event.error_type, event.error_condition, event.reason = refusal[1], refusal[2], refusal[3];
end

-- The `via` of registrations in the audit log.
local function way(event)
	if event.session then return "ibr"; end
	local source = tostring(event.source or "module"):gsub("^mod_", ""):gsub("[^%l%d]+", "-"):sub(1, 32);
	return source ~= "" and source or "module";
end

return function (vestibule, outbox, redemptions, find)
	local form = module:require "vestibule_form";
	local accounts = module:require "vestibule_attempt";
	local exists, is_enabled = accounts.exists, accounts.is_enabled;
	local is_missing = accounts.is_missing;
	local ask, state_of = vestibule.ask, redemptions.state;

	-- Registrations and password resets in progress, by username. Prosody clears the session of a closed connection, so
	-- the invite is kept here.
	local attempts = {};
	redemptions.attempts = attempts;

	local function invite_of(event)
		local invite = event.validated_invite or (event.session and event.session.validated_invite);
		return state_of(invite) and invite or nil;
	end

	-- Ends an attempt without an event of success. A registration that has failed spends nothing.
	local function conclude(attempt)
		local username = attempt.username;
		if attempts[username] ~= attempt or not attempt.granted then return; end
		local outcome = accounts.outcome(attempt);
		-- Nothing is decided before storage answers again.
		attempt.is_unclear = outcome == "unknown";
		if attempt.is_unclear then return; end
		if outcome == "remains" and not accounts.remove(username) then
			attempt.is_unclear = is_missing(username) == nil;
			if attempt.is_unclear then return; end
			-- An account that somebody may log in to is a use, although its registration has failed.
			if not accounts.is_unfinished(username) then outcome = "account"; end
		end
		attempts[username] = nil;
		if outcome == "account" then
			attempt.invite:complete(username.."@"..module.host, attempt.via, true);
		else
			attempt.invite:release();
			outbox.forget(attempt.claim);
		end
	end

	-- Returns whether another registration of the username is in progress.
	local function is_held(username)
		local attempt = attempts[username];
		if not attempt then return false; end
		if not attempt.granted or os.time() - attempt.granted < NAME_HELD then return true; end
		conclude(attempt);
		return attempts[username] ~= nil;
	end

	-- Returns a problem if the account does not fit the invite.
	local function misfit(event, state)
		if state.kind == "password-reset" then
			-- Without this, Prosody 0.12 would create a missing account.
			if not exists(event.username) then return { type = "no-account" }; end
			if not is_enabled(event.username) then return { type = "account-disabled" }; end
		elseif exists(event.username) and event.allow_reset ~= event.username then
			return { type = "username-taken" };
		end
	end

	-- An account can be deleted without an event: by prosodyctl of 0.12, and by other back ends. Its invites and reset
	-- links do not belong to a new account of the same name. Vestibule decides what belonged to an earlier account;
	-- invites may also have been created for this person, before they join.
	local function end_predecessor(username)
		if not is_missing(username) then return { type = exists(username) and "username-taken" or "no-storage" }; end
		local told, problem = ask("POST", "/v1/accounts/"..url_escape(username), { change = "absent" }, "revoked");
		if not told and (problem.type == "away" or problem.type == "rate-limited") then return problem; end
	end

	local function register_uninvited(event)
		if exists(event.username) then return; end
		if is_held(event.username) then return refuse(event, { type = "name-busy" }); end
		local found, problem = ask("GET", "/v1/usernames/"..url_escape(event.username), nil, "reserved");
		if not found then
			refuse(event, problem);
		elseif found.reserved then
			refuse(event, { type = "username-reserved" });
		else
			problem = end_predecessor(event.username);
			if problem then refuse(event, problem); end
		end
	end

	-- Claims a use for the attempt and stores that an account may be created. Returns a problem if it fails.
	local function take_use(attempt)
		local username = attempt.username;
		attempt.is_new = not exists(username);
		local problem = attempt.is_new and end_predecessor(username);
		if problem then return problem; end
		local claim;
		claim, problem = attempt.invite:claim(username);
		if not claim then
			local bound_to = state_of(attempt.invite).username;
			if problem.type == "username-not-allowed" and bound_to and bound_to ~= username then
				return { type = "other-username" };
			end
			return problem;
		end
		local written = outbox.write(claim, {
			jid = username.."@"..module.host, via = attempt.via, username = username, uncertain = true;
		});
		-- The account may have been created by another registration meanwhile.
		local taken = attempt.is_new and exists(username);
		if written and not taken then
			attempt.claim, attempt.granted = claim, os.time();
			return nil;
		end
		attempt.invite:release();
		outbox.forget(claim);
		return written and { type = "username-taken" } or vestibule.AWAY;
	end

	-- Returns the invite of a registration, or nil and a problem. An invite that was returned before a reload of this
	-- module, or by the replaced module, is checked again, so that its use is claimed.
	local function recognise(event)
		local session = event.session;
		local invite = event.validated_invite or (session and session.validated_invite);
		if type(invite) ~= "table" or state_of(invite) or type(invite.token) ~= "string" or not invite.use then
			return invite_of(event);
		end
		local found, _, problem = find(invite.token);
		if not found then return nil, problem or { type = "token-unknown" }; end
		if event.validated_invite then event.validated_invite = found; end
		if session and session.validated_invite then session.validated_invite = found; end
		return found;
	end

	-- Prosody clears the session of a closed connection, also while other modules wait. Without its invite, the
	-- registration would be taken for one that needs none.
	local function is_gone(event)
		return event.session and event.session.destroyed and not event.validated_invite;
	end

	-- Runs last, after all other modules: a use is claimed only if nothing else refuses the registration.
	module:hook("user-registering", function (event)
		if event.allowed == false then return; end
		if type(event.password) == "string" and not accounts.is_usable(event.password) then
			return refuse(event, { type = "password-not-allowed" });
		end
		if is_gone(event) then return refuse(event, { type = "no-connection" }); end
		local invite, unrecognised = recognise(event);
		if unrecognised then return refuse(event, unrecognised); end
		if not invite then return register_uninvited(event); end
		local state, username = state_of(invite), event.username;
		local problem = misfit(event, state);
		if problem then return refuse(event, problem); end
		if is_held(username) then return refuse(event, { type = "name-busy" }); end
		local attempt = {
			invite = invite, username = username, password = event.password, via = way(event), began = os.time();
		};
		attempts[username] = attempt;
		problem = take_use(attempt);
		if problem then
			if attempts[username] == attempt then attempts[username] = nil; end
			return refuse(event, problem);
		end
		if state.kind == "password-reset" then event.allow_reset = state.username; end
	end, -1000);

	-- Returns the invite of a new account or password. For modules that claimed no use, it is claimed late.
	local function redeem(invite, username, via, is_written)
		local state = state_of(invite);
		local jid = username.."@"..module.host;
		if not state.claim then
			local claim, problem = invite:claim(username);
			if not claim then
				module:log("error", "%s came in by an invite that is not good: %s",
					visible(jid), problem.detail or problem.title);
				return;
			end
			is_written = false;
		end
		-- From here on the claim can only be completed.
		state.is_spent = true;
		return invite:complete(jid, via, is_written);
	end

	local function completed(event)
		local attempt = attempts[event.username];
		if attempt and not attempt.granted then attempt = nil; end
		local invite = attempt and attempt.invite or invite_of(event);
		if not invite or state_of(invite).is_spent then return; end
		if attempt then attempts[event.username] = nil; end
		-- For later hooks, even if the session was cleared.
		event.validated_invite = invite;
		if event.session and not event.session.validated_invite then event.session.validated_invite = invite; end
		local username, via = event.username, way(event);
		if state_of(invite).claim then state_of(invite).is_spent = true; end
		async.runner(function () redeem(invite, username, via, attempt ~= nil); end):run(true);
	end
	module:hook("user-registered", completed, 1000);
	module:hook("user-password-reset", function (event)
		if type(event) == "table" then completed(event); end
	end, 1000);
	redemptions.redeem = redeem;

	-- Runs the handlers of a stanza. Returns their result, and whether they have answered it with an error.
	local function answered(session, handlers, name, event)
		local id, has_failed = event.stanza.attr.id, false;
		local send = session.send;
		local function watched(stanza)
			if st.is_stanza(stanza) and stanza.attr.id == id and stanza.attr.type == "error" then has_failed = true; end
			return send(stanza);
		end
		session.send = watched;
		local result = handlers(name, event);
		if session.send == watched then session.send = send; end
		return result, has_failed;
	end

	-- In-band registration fires no event on failure, but it has ended by now. Nor does one whose event of success went
	-- to this module after a reload.
	module:wrap_event("stanza/iq/jabber:iq:register:query", function (handlers, name, event)
		local session = event.origin;
		local invite = invite_of({ session = session });
		if not invite then return handlers(name, event); end
		if event.stanza.attr.type == "get" then
			return form.with_username(session, state_of(invite).username, handlers, name, event);
		end
		local result, has_failed = answered(session, handlers, name, event);
		if state_of(invite).claim then
			for _, attempt in pairs(attempts) do
				if attempt.invite == invite then
					attempt.has_failed = has_failed;
					conclude(attempt);
					break;
				end
			end
		end
		return result;
	end);

	-- Other modules fire none either, and an error in a handler ends a registration without an event.
	module:add_timer(SETTLED_AFTER / 4, function ()
		local over = {};
		for username, attempt in pairs(attempts) do
			local age = os.time() - (attempt.granted or attempt.began);
			if attempt.granted and (attempt.is_unclear or age >= SETTLED_AFTER) then
				over[#over + 1] = attempt;
			elseif age >= ABANDONED_AFTER then
				attempts[username] = nil;
			end
		end
		for _, attempt in ipairs(over) do
			async.runner(function () conclude(attempt); end):run(true);
		end
		return SETTLED_AFTER / 4;
	end);
end
