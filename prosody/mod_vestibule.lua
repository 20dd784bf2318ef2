-- `prosodyctl mod_vestibule export HOST`: prints the invites and API keys that Prosody's own modules have stored, as
-- JSON lines for `vestibule import HOST -`. Reads through Prosody's storage API, so it works with every driver.

local json = require "util.json";
local sha256 = require "util.hashes".sha256;

local function open_store(name)
	local store, problem = module:open_store(name);
	if not store then error("cannot open the store "..name..": "..tostring(problem), 0); end
	return store;
end

local function load(store, user)
	local data, problem = store:get(user);
	if data == nil and problem then error("cannot read the store: "..tostring(problem), 0); end
	return data or {};
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
	return { name = key.name, created_at = key.created_at, allowed_methods = key.allowed_methods };
end

local function export(host)
	local lines = {};
	local function add(line) lines[#lines + 1] = json.encode(line); end
	local invites = open_store("invite_token");
	for token, invite in pairs(load(invites, nil)) do
		add({ invite = invite, token = token });
	end
	for _, username in ipairs(users_of(invites)) do
		for token, expires in pairs(load(invites, username)) do
			add({ contact = username, token = token, expires = expires });
		end
	end
	for id, key in pairs(load(open_store("invite_api_keys"), nil)) do
		if type(key) == "table" and type(key.token) == "string" then
			add({ key = key_record(key), id = id, sha256 = sha256(key.token, true) });
		end
	end
	print(json.encode({ vestibule_export = 1, host = host, settings = settings() }));
	for _, line in ipairs(lines) do print(line); end
	print(json.encode({ records = #lines }));
end

function module.command(arg)
	local host = arg[2];
	if arg[1] ~= "export" or not host then
		print("usage: prosodyctl mod_vestibule export HOST");
		return 2;
	end
	if not prosody.hosts[host] then
		print("Error: please supply a valid host");
		return 1;
	end
	require "core.storagemanager".initialize_host(host);
	module.host = host; -- luacheck: ignore 122/module
	local done, problem = pcall(export, host);
	if not done then
		io.stderr:write("Error: ", tostring(problem), "\n");
		return 1;
	end
	return 0;
end
