-- Pending messages to Vestibule: created accounts and account changes. Each item is stored on disk before it is sent
-- and until Vestibule has accepted it, so that neither an outage nor a crash loses it.

local async = require "util.async";
local gettime = require "socket".gettime;
local url_escape = require "util.http".urlencode;

local accounts = module:require "vestibule_attempt";
local visible = module:require "vestibule_visible";

-- Seconds between attempts while an item is overdue and no other request succeeds.
local RETRY_SECONDS = 5;

-- Seconds after which a round of attempts without an end is considered failed.
local ROUND_SECONDS = 60;

return function (vestibule)
	local outbox = {};
	-- Internal storage keeps one file for the host: claim, or "account " and a username, to item.
	local map = module:open_store("vestibule_completions", "map");
	local all = module:open_store("vestibule_completions");

	-- Items whose sending failed.
	local overdue = {};

	-- Stores an item. Returns false on failure.
	function outbox.write(id, item)
		local written, problem = map:set(nil, id, item);
		if not written then module:log("error", "Nothing can be written to storage: %s", problem); end
		return not not written;
	end

	function outbox.forget(id)
		overdue[id] = nil;
		map:set(nil, id, nil);
	end

	-- Returns whether an item must be sent again.
	function outbox.is_overdue(id)
		return overdue[id] ~= nil;
	end

	local function send(id, item)
		if item.change then
			return vestibule.ask("POST", "/v1/accounts/"..url_escape(item.username), { change = item.change }, "revoked");
		end
		return vestibule.ask("POST", "/v1/redemptions/"..id.."/complete", { jid = item.jid, via = item.via }, "claim");
	end

	-- Returns whether the same request may succeed later.
	local function is_passing(problem)
		return problem.type == "away" or problem.type == "rate-limited";
	end

	-- Sends a stored item. Returns false if it must be sent again later; otherwise `item.told_at` is the time of the
	-- answer.
	function outbox.send(id, item)
		local heard, problem = send(id, item);
		if not heard and is_passing(problem) then
			overdue[id] = item;
			return false;
		end
		if not heard then
			module:log("error", "Vestibule did not record that %s: %s",
				visible(item.change and item.username.." is "..item.change or item.jid.." redeemed an invite"),
				problem.detail or problem.type);
		end
		outbox.forget(id);
		item.told_at = gettime();
		return true;
	end

	local function is_completion_overdue()
		for _, item in pairs(overdue) do
			if not item.change then return true; end
		end
		return false;
	end

	-- Completions first: a use that is not recorded could be granted again.
	local function send_overdue()
		for _, changes in ipairs { false, true } do
			local items = {};
			for id, item in pairs(overdue) do
				if (item.change ~= nil) == changes then items[id] = item; end
			end
			for id, item in pairs(items) do
				if overdue[id] == item and not outbox.send(id, item) then return; end
			end
		end
	end

	-- Loads items stored before a restart. An item of an interrupted registration is kept if the account exists; the
	-- claims of the others are in `void`. Returns false if storage does not answer; then nothing was loaded.
	local is_read_back, void = false, {};
	local function read_back()
		local ran, items, problem = pcall(all.get, all, nil);
		if not ran or not items and problem then return false; end
		local kept, dropped = {}, {};
		for id, item in pairs(items or {}) do
			local missing = item.uncertain and accounts.is_missing(item.username);
			if item.uncertain and missing == nil then return false; end
			-- Prosody ended before it had set the password.
			if item.uncertain and not missing and accounts.is_unfinished(item.username) then
				accounts.remove(item.username);
				missing = true;
			end
			if missing then dropped[id] = true; else kept[id] = item; end
		end
		for id, item in pairs(kept) do overdue[id] = item; end
		is_read_back, void = true, dropped;
		return true;
	end

	local round_began;
	local waiting = {};

	-- Sends everything that is overdue, and returns whether no completion is overdue any more. Coroutines that call this
	-- during a round wait for its end.
	function outbox.catch_up()
		if not is_read_back and not read_back() then return false; end
		if next(overdue) == nil then return true; end
		if not async.ready() then return false; end
		if round_began and os.time() - round_began < ROUND_SECONDS then
			local wait, done = async.waiter();
			waiting[#waiting + 1] = done;
			wait();
			return not is_completion_overdue();
		end
		round_began = os.time();
		send_overdue();
		round_began = nil;
		local released = waiting;
		waiting = {};
		for _, done in ipairs(released) do done(); end
		return not is_completion_overdue();
	end

	local function release_void()
		for id in pairs(void) do outbox.forget(id); end
		while next(void) do
			local id = next(void);
			void[id] = nil;
			vestibule.ask("DELETE", "/v1/redemptions/"..id);
		end
	end

	local courier = async.runner(function ()
		outbox.catch_up();
		release_void();
	end);

	local function hurry()
		local is_needed = not is_read_back or next(overdue) ~= nil or next(void) ~= nil;
		if courier.state == "ready" and is_needed then courier:run(true); end
	end

	vestibule.at_end_of_trouble(module.name, function () module:add_timer(0, hurry); end);
	module:add_timer(1, function ()
		hurry();
		return RETRY_SECONDS;
	end);

	return outbox;
end
