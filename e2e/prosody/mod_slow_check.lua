-- Like modules that look something up before a registration. Waits for as long as the file `slow_check_file` exists,
-- and appends a line to the file `slow_check_log` when it begins and when it has waited.

local async = require "util.async";
local timer = require "util.timer";

local FILE, LOG = module:get_option_string("slow_check_file"), module:get_option_string("slow_check_log");

local function exists()
	local file = io.open(FILE);
	if file then file:close(); end
	return file ~= nil;
end

local function note(text)
	local log = assert(io.open(LOG, "a"));
	log:write(text, "\n");
	log:close();
end

module:hook("user-registering", function ()
	note("begins");
	while exists() do
		local wait, done = async.waiter();
		timer.add_task(0.02, done);
		wait();
	end
	note("has waited");
end, -1);
