-- Logs an outage: one line at its begin, one at its end, and one for each further reason. Intermittent failures are a
-- single outage.

local visible = module:require "vestibule_visible";

local monotonic = require "util.time".monotonic;

-- Seconds without a failure after which an outage is over.
local QUIET = 10;

-- `outage` is the table with the state; `began` is the line for its begin, with a placeholder for the reason, and
-- `ended` that for its end. Returns two functions: for a failed request with its reason, and for a successful one.
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

	-- Returns whether it is the first success after a failure.
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
