-- The invite objects of mod_invites, which claim a use and complete or release the claim.
--
-- One object permits one account. Once an account was or may have been created, it claims nothing more, even for
-- pipelined requests on its stream.

local json = require "util.json";
local gettime = require "socket".gettime;

local SPENT = { type = "spent", title = "An account was made with this invite already" };
-- Seconds for which a completion is remembered: longer than a check of a token can take.
local REMEMBERED = 30;

local BUSY = { type = "token-busy", title = "This invite is being used right now" };

return function (vestibule, outbox)
	local ask = vestibule.ask;
	local methods = {};
	local mt = { __index = methods };

	-- The private state of an invite: `id`, `kind`, `username`, `inviter`, `grant` as in the API; `claim`, the live claim;
	-- `unreleased`, a claim without an account whose release failed; `unanswered`, the username of a claim whose answer
	-- was lost; `is_spent`.
	local states = setmetatable({}, { __mode = "k" });

	-- Completions of single-use invites by ID of the invite, until they are sent and for a while longer. For modules the
	-- invites are used already.
	local redeemed = {};

	local redemptions = {};

	local function present(value)
		if value ~= json.null then return value; end
	end

	local new_handler = function () end;
	-- Registers a function that is called with every returned invite and its state.
	function redemptions.on_new(handler)
		new_handler = handler;
	end

	-- `invite` has the fields for Prosody's modules; `view` is the answer to the check of its token.
	function redemptions.new(invite, view)
		states[invite] = {
			id = view.id, kind = view.kind, grant = view.admission;
			username = present(view.username), inviter = present(view.inviter), is_single = view.max_uses == 1;
		};
		new_handler(invite, states[invite]);
		return setmetatable(invite, mt);
	end

	-- Returns the private state of an invite; nil for other values.
	function redemptions.state(invite)
		return type(invite) == "table" and states[invite] or nil;
	end

	-- Returns whether the only use of an invite was spent here, and a check that began at `asked_at` may not show it: its
	-- completion was not sent, or its answer has overtaken that of the check.
	function redemptions.is_redeemed(id, asked_at)
		local one = redeemed[id];
		if not one then return false; end
		return one.is_in_flight or outbox.is_overdue(one.claim) or (one.item.told_at or 0) >= asked_at;
	end

	module:add_timer(REMEMBERED, function ()
		local oldest = gettime() - REMEMBERED;
		for id in pairs(redeemed) do
			if not redemptions.is_redeemed(id, oldest) then redeemed[id] = nil; end
		end
		return REMEMBERED;
	end);

	local function post_claim(invite, state, username)
		local claim, problem = ask("POST", "/v1/redemptions", {
			token = invite.token, username = username, admission = state.grant, replaces = state.unreleased;
		}, "claim");
		return claim and claim.claim, problem;
	end

	-- Finds the claim whose answer was lost, so that the next claim can name it.
	local function find_unanswered(invite, state)
		local id, problem = post_claim(invite, state, state.unanswered);
		if not id and (problem.type == "away" or problem.type == "rate-limited") then return nil, problem; end
		state.unreleased, state.unanswered = id or nil, nil;
		return true;
	end

	local function claim(invite, state, username)
		-- Completions from an outage are sent first, or a use could be granted twice.
		if not outbox.catch_up() then return nil, vestibule.AWAY; end
		if state.unanswered and state.unanswered ~= username then
			local found, problem = find_unanswered(invite, state);
			if not found then return nil, problem; end
		end
		local id, problem = post_claim(invite, state, username);
		if not id then
			if problem.type == "away" then state.unanswered = username; end
			return nil, problem;
		end
		state.claim, state.unreleased, state.unanswered = id, nil, nil;
		return id;
	end

	-- Claims one use for a username, or for a contact without one. Returns the ID of the claim, or nil and a problem.
	function methods:claim(username)
		local state = states[self];
		if state.is_spent then return nil, SPENT; end
		if state.is_claiming or state.claim then return nil, BUSY; end
		state.is_claiming = true;
		local id, problem = claim(self, state, username);
		state.is_claiming = nil;
		return id, problem;
	end

	-- The account or contact exists: completes the claim. With `is_written`, the completion is in the outbox already.
	function methods:complete(jid, via, is_written)
		local state = states[self];
		local id = state.claim;
		if not id then return false; end
		state.claim, state.is_spent = nil, true;
		local item = { jid = jid, via = via };
		if not is_written then outbox.write(id, item); end
		local one = { claim = id, item = item, is_in_flight = true };
		if state.is_single then redeemed[state.id] = one; end
		local is_told = outbox.send(id, item);
		one.is_in_flight = false;
		return is_told;
	end

	-- The registration failed: releases the claim.
	function methods:release()
		local state = states[self];
		local id = state.claim;
		if not id then return; end
		state.claim = nil;
		local told, problem = ask("DELETE", "/v1/redemptions/"..id);
		if not told and problem.type ~= "not-found" then state.unreleased = id; end
	end

	-- For modules that use the original's functions. A new account was handled at `user-registered`; an invite without
	-- one is for a contact, or must not be used any more.
	function methods:use()
		local state = states[self];
		if state.claim or state.is_spent or self.reusable then return true; end
		if self.type == "roster" then
			if self:claim() then self:complete(module.host, "module"); end
		else
			ask("DELETE", "/v1/invites/"..state.id);
		end
		return true;
	end

	return redemptions;
end
