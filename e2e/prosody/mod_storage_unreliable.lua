-- Internal storage that fails while the file `storage_fails` exists. Storing the details of an account whose name begins
-- with "unlucky" creates that file.

local datamanager = require "core.storagemanager".olddm;

local host = module.host;
local FILE = module:get_option_string("storage_fails");

local function fails()
	local file = io.open(FILE);
	if file then file:close(); end
	return file ~= nil;
end

local methods = {};

function methods:get(username)
	if fails() then return nil, "the storage fails"; end
	return datamanager.load(username, host, self.store);
end

function methods:set(username, data)
	if self.store == "account_details" and username and username:find("^unlucky") then
		assert(io.open(FILE, "w")):close();
	end
	if fails() then return nil, "the storage fails"; end
	return datamanager.store(username, host, self.store, data);
end

function methods:users()
	return datamanager.users(host, self.store);
end

local driver = {};

function driver:open(store, kind)
	if kind and kind ~= "keyval" then return nil, "unsupported-store"; end
	return setmetatable({ store = store }, { __index = methods });
end

function driver:purge(username) -- luacheck: ignore 212/self
	return datamanager.purge(username, host);
end

module:provides("storage", driver);
