-- `prosodyctl mod_vestibule export HOST`: prints the invites and API keys that Prosody's own modules have stored, as
-- JSON lines for `vestibule import HOST -`. Reads through Prosody's storage API, so it works with every driver.

local datamanager = require "util.datamanager";
local json = require "util.json";
local lfs = require "lfs";
local sha256 = require "util.hashes".sha256;
local storagemanager = require "core.storagemanager";

-- The largest number that JSON can express in place of an infinite one.
local LARGEST = 1e300;

local function open_store(name)
	local store, problem = module:open_store(name);
	if not store then error("cannot open the store "..name..": "..tostring(problem), 0); end
	return store;
end

-- Internal storage gives nothing for a missing file, and for an empty one. Only the first is a store without records.
local function has_file(name, user)
	local _, driver = storagemanager.get_driver(module.host, name);
	if driver ~= "internal" then return nil; end
	local path = datamanager.getpath(user, module.host, name);
	return lfs.attributes(path, "mode") and path;
end

local function load(name, store, user)
	local data, problem = store:get(user);
	if type(data) == "table" then return data; end
	local path = has_file(name, user);
	if data == nil and not problem and not path then return {}; end
	local whose = user and (name.." of "..user) or name;
	error(("cannot read the store %s: %s"):format(whose, problem or (path or "its content").." holds no table"), 0);
end

-- The users that have a store. SQL drivers cannot read another store while they list them.
local function users_of(store)
	local users = {};
	local next_user, state, first = store:users();
	if not next_user then error("cannot list the users: "..tostring(state), 0); end
	for username in next_user, state, first do
		-- The store of the host itself has no name.
		if username ~= "" then users[#users + 1] = username; end
	end
	return users;
end

-- A number of seconds; Prosody 13 also reads "1 week".
local function expiry()
	if module.get_option_period then return module:get_option_period("invite_expiry"); end
	return module:get_option_number("invite_expiry");
end

local function settings()
	return {
		site_name = module:get_option_string("site_name");
		webchat_url = module:get_option_string("webchat_url");
		invites_page = module:get_option_string("invites_page");
		site_apps_show = module:get_option_array("site_apps_show");
		site_apps_hide = module:get_option_array("site_apps_hide");
		invite_expiry = expiry();
	};
end

-- The properties of a key. Its secret leaves Prosody as a hash.
local function key_record(key)
	if type(key) ~= "table" then return {}; end
	return { name = key.name, created_at = key.created_at, allowed_methods = key.allowed_methods };
end

local function secret_hash(key)
	local secret = type(key) == "table" and key.token;
	return type(secret) == "string" and sha256(secret, true) or nil;
end

-- A copy without numbers that JSON lacks: an expiry can be `math.huge`.
local function finite(value)
	if type(value) == "table" then
		local copy = setmetatable({}, getmetatable(value));
		for key, item in pairs(value) do copy[key] = finite(item); end
		return copy;
	elseif type(value) ~= "number" then
		return value;
	elseif value ~= value then
		return nil;
	end
	return math.max(-LARGEST, math.min(LARGEST, value));
end

local function export(host)
	local lines = {};
	local function add(line) lines[#lines + 1] = json.encode(finite(line)); end
	local invites = open_store("invite_token");
	for token, invite in pairs(load("invite_token", invites, nil)) do
		add({ invite = invite, token = tostring(token) });
	end
	for _, username in ipairs(users_of(invites)) do
		for token, expires in pairs(load("invite_token", invites, username)) do
			add({ contact = username, token = tostring(token), expires = expires });
		end
	end
	for id, key in pairs(load("invite_api_keys", open_store("invite_api_keys"), nil)) do
		add({ key = key_record(key), id = tostring(id), sha256 = secret_hash(key) });
	end
	print(json.encode({ vestibule_export = 1, host = host, settings = finite(settings()) }));
	for _, line in ipairs(lines) do print(line); end
	print(json.encode({ records = #lines }));
end

-- Standard output goes to a file or a pipe, where nobody would see it.
local function fail(text, status)
	io.stderr:write(text, "\n");
	return status;
end

function module.command(arg)
	local host = arg[2];
	if arg[1] ~= "export" or not host then
		return fail("usage: prosodyctl mod_vestibule export HOST", 2);
	end
	if not prosody.hosts[host] then return fail("Error: please supply a valid host", 1); end
	storagemanager.initialize_host(host);
	module.host = host; -- luacheck: ignore 122/module
	local done, problem = pcall(export, host);
	if not done then return fail("Error: "..tostring(problem), 1); end
	return 0;
end
