-- Makes the creation of accounts fail in the middle. The username says where: `unset` has no password, `undetailed` no
-- details, and `undeletable` cannot be deleted.

local storagemanager = require "core.storagemanager";

local provider = prosody.hosts[module.host].users;

local function fail_for(word, functions, name, username_at)
	local original = functions[name];
	functions[name] = function (...)
		if tostring((select(username_at, ...))):find(word, 1, true) then return nil, "the disk is full"; end
		return original(...);
	end
end

fail_for("unset", provider, "set_password", 1);
fail_for("undeletable", provider, "delete_user", 1);

local stores = getmetatable(storagemanager.open(module.host, "account_details")).__index;
local set = stores.set;
function stores:set(username, data)
	if self.store == "account_details" and data and tostring(username):find("undetailed", 1, true) then
		return nil, "the disk is full";
	end
	return set(self, username, data);
end
