-- Logs an outage: one line when it begins, one when it is over, and one for each further reason. Where some requests
-- fail while others succeed, that is a single outage.

local visible = module:require "vestibule_visible";

local monotonic = require "util.time".monotonic;

-- Seconds without a failure after which an outage is over.
local QUIET = 10;

-- `outage` is the table that keeps the state; `began` is the line for its begin, with a place for the reason, and
-- `ended` the one for its end. Returns two functions: for a request that failed and why, and for one that did not.
return function (outage, began, ended)
	local is_waiting = false;

	local function end_when_quiet()
		is_waiting = false;
		if outage.is_failing or not outage.reasons then return; end
		local left = outage.failed_at + QUIET - monotonic();
		if left > 0 then
			is_waiting = true;
			return left;
		end
		outage.reasons = nil;
		module:log("info", ended);
	end

	local function failed(reason)
		reason = visible(reason);
		outage.is_failing, outage.failed_at = true, monotonic();
		outage.reasons = outage.reasons or {};
		if outage.reasons[reason] then return; end
		outage.reasons[reason] = true;
		module:log("error", began, reason);
	end

	-- Whether it is the first success after a failure.
	local function succeeded()
		local is_first = outage.is_failing == true;
		outage.is_failing = false;
		if outage.reasons and not is_waiting and prosody.process_type == "prosody" then
			is_waiting = true;
			module:add_timer(QUIET, end_when_quiet);
		end
		return is_first;
	end

	return failed, succeeded;
end
