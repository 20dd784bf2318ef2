-- The invites that mod_invites hands out: claiming one of its uses, and completing or releasing the claim.
--
-- One object lets one account be made. Once an account was made by it, or may have been, it claims nothing more,
-- whatever is pipelined on its stream.

local json = require "util.json";

local SPENT = { type = "spent", title = "An account was made with this invite already" };
local BUSY = { type = "token-busy", title = "This invite is being used right now" };

return function (vestibule, outbox)
	local ask = vestibule.ask;
	local methods = {};
	local mt = { __index = methods };

	-- What other modules need not see of an invite: `id`, `kind`, `username`, `inviter`, `grant` as the API shows them;
	-- `claim`, the live claim; `unreleased`, a claim for which no account was made and whose release Vestibule did not
	-- hear; `unanswered`, the username of a claim whose answer was lost; `is_spent`.
	local states = setmetatable({}, { __mode = "k" });

	-- Ids of invites with one use whose completion Vestibule has not heard yet: to modules they are used already.
	local redeemed = {};

	local redemptions = {};

	local function present(value)
		if value ~= json.null then return value; end
	end

	local new_handler = function () end;
	-- Has a function called with every invite that is handed out, and its state.
	function redemptions.on_new(handler)
		new_handler = handler;
	end

	-- `invite` has the fields that Prosody's modules know; `view` is what the check of its token answered.
	function redemptions.new(invite, view)
		states[invite] = {
			id = view.id, kind = view.kind, grant = view.admission;
			username = present(view.username), inviter = present(view.inviter), is_single = view.max_uses == 1;
		};
		new_handler(invite, states[invite]);
		return setmetatable(invite, mt);
	end

	-- The private state of an invite of ours; nil for anything else.
	function redemptions.state(invite)
		return type(invite) == "table" and states[invite] or nil;
	end

	-- Whether the only use of an invite was spent here a moment ago.
	function redemptions.is_redeemed(id)
		local one = redeemed[id];
		if one and not one.is_in_flight and not outbox.is_overdue(one.claim) then
			redeemed[id] = nil;
			return false;
		end
		return one ~= nil;
	end

	local function post_claim(invite, state, username)
		local claim, problem = ask("POST", "/v1/redemptions", {
			token = invite.token, username = username, admission = state.grant, replaces = state.unreleased;
		}, "claim");
		return claim and claim.claim, problem;
	end

	-- Finds the claim whose answer was lost, so that the next one can name it.
	local function find_unanswered(invite, state)
		local id, problem = post_claim(invite, state, state.unanswered);
		if not id and (problem.type == "away" or problem.type == "rate-limited") then return nil, problem; end
		state.unreleased, state.unanswered = id or nil, nil;
		return true;
	end

	local function claim(invite, state, username)
		-- What was redeemed during an outage is told first: else its use could be given away twice.
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

	-- Takes one use: for a username or, without one, for a contact. Returns the claim's id, or nil and a problem.
	function methods:claim(username)
		local state = states[self];
		if state.is_spent then return nil, SPENT; end
		if state.is_claiming or state.claim then return nil, BUSY; end
		state.is_claiming = true;
		local id, problem = claim(self, state, username);
		state.is_claiming = nil;
		return id, problem;
	end

	-- The account or contact exists: the use is spent for good. What is to be told stands in the outbox already where
	-- `is_written` says so.
	function methods:complete(jid, via, is_written)
		local state = states[self];
		local id = state.claim;
		if not id then return false; end
		state.claim, state.is_spent = nil, true;
		local item = { jid = jid, via = via };
		if not is_written then outbox.write(id, item); end
		local one = { claim = id, is_in_flight = true };
		if state.is_single then redeemed[state.id] = one; end
		local is_told = outbox.send(id, item);
		one.is_in_flight = false;
		if is_told then redeemed[state.id] = nil; end
		return is_told;
	end

	-- Nothing came of the claim: its use is given back.
	function methods:release()
		local state = states[self];
		local id = state.claim;
		if not id then return; end
		state.claim = nil;
		local told, problem = ask("DELETE", "/v1/redemptions/"..id);
		if not told and problem.type ~= "not-found" then state.unreleased = id; end
	end

	-- For modules that only know the original's way. Whoever came in by the invite has been dealt with at
	-- `user-registered`; an invite that nobody came in by is for a contact, or is not to be used any more.
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
