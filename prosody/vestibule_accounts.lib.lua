-- Reports changed passwords and disabled or deleted accounts to Vestibule, which revokes their invites. Prosody 0.12
-- has no disabled accounts; the event is hooked in case a module has them.

local async = require "util.async";
local nodeprep = require "util.encodings".stringprep.nodeprep;

-- A more severe change replaces a pending one.
local WEIGHT = { ["password-changed"] = 1, ["disabled"] = 2, ["deleted"] = 3 };

-- Seconds within which a module that checked a reset link is expected to set the password.
local RESET_SECONDS = 300;

return function (outbox, redemptions)
	-- Stored changes that have not been sent yet, by username.
	local written = {};
	-- Reset links recently checked by modules, by username.
	local checked = {};

	local function send(username)
		local id, item = "account "..username, written[username];
		written[username] = nil;
		if item then outbox.send(id, item); end
	end

	local function tell(username, change)
		local before = written[username];
		if before and WEIGHT[before.change] >= WEIGHT[change] then return; end
		local item = { username = username, change = change };
		written[username] = item;
		outbox.write("account "..username, item);
		if before then return; end
		-- In the next iteration of the event loop: a module may report before that it was a reset with an invite.
		module:add_timer(0, function ()
			async.runner(function () send(username); end):run(true);
		end);
	end

	local function follow(event_name, change)
		module:hook_global(event_name, function (event)
			if event.host ~= module.host or type(event.username) ~= "string" then return; end
			-- A registration or reset in progress changes the password itself; one that fails deletes its own account.
			local attempt = redemptions.attempts[event.username];
			if attempt and (change == "password-changed" or change == "deleted" and attempt.is_new) then return; end
			tell(event.username, change);
		end);
	end
	follow("user-password-changed", "password-changed");
	follow("user-disabled", "disabled");
	follow("user-deleted", "deleted");

	redemptions.on_new(function (invite, state)
		if state.kind == "password-reset" then
			checked[state.username] = { invite = invite, at = os.time() };
		end
	end);

	-- The community's mod_invites_register_api fires this event with only the username as typed, and claims nothing
	-- before. The reset link that it checked for this account is the used one.
	module:hook("user-password-reset", function (event)
		if type(event) ~= "string" then return; end
		local username = nodeprep(event);
		local last = username and checked[username];
		if not last or os.time() - last.at > RESET_SECONDS or redemptions.state(last.invite).is_spent then return; end
		checked[username] = nil;
		if written[username] and written[username].change == "password-changed" then
			written[username] = nil;
			outbox.forget("account "..username);
		end
		async.runner(function ()
			redemptions.redeem(last.invite, username, "register-api", false);
			tell(username, "password-changed");
		end):run(true);
	end, 1000);

	module:add_timer(RESET_SECONDS, function ()
		for username, last in pairs(checked) do
			if os.time() - last.at > RESET_SECONDS then checked[username] = nil; end
		end
		return RESET_SECONDS;
	end);
end
