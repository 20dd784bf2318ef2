-- Loads the module that the bridge replaces: the next one of the same name in Prosody's plugin path. Hosts without
-- a `vestibule_key` keep it.

local envload = require "util.envload".envload;

local SEPARATOR, PATH_SEPARATOR = package.config:match("^(%S+)%s(%S+)");

-- A string that only the modules of the bridge contain. It also identifies copies of this directory and links to it.
local MARK = "vestibule_stock";

-- The paths that Prosody's plugin loader tries in each directory.
local function names_of(name)
	local file = "mod_"..name..".lua";
	local lua = _VERSION:match(" (.+)$");
	return {
		"mod_"..name..SEPARATOR..name..SEPARATOR..file;
		"mod_"..name..SEPARATOR..file;
		name..SEPARATOR..file;
		file;
		table.concat({ "share", "lua", lua, file }, SEPARATOR);
		table.concat({ "share", "lua", lua, "mod_"..name, file }, SEPARATOR);
	};
end

local function find(name)
	for directory in prosody.paths.plugins:gmatch("[^"..PATH_SEPARATOR.."]+") do
		for _, file in ipairs(names_of(name)) do
			local path = directory..SEPARATOR..file;
			local handle = io.open(path);
			if handle then
				local content = handle:read("*a");
				handle:close();
				if content and not content:find(MARK, 1, true) then return content, path; end
			end
		end
	end
end

-- Runs the replaced module in this module's place, with its environment and its `module`.
return function (name)
	local content, path = find(name);
	if not content then
		error("this host has no vestibule_key, and there is no other mod_"..name.." in Prosody's plugin path", 0);
	end
	local chunk, problem = envload(content, "@"..path, module.environment);
	if not chunk then error(problem, 0); end
	module.path = path; -- luacheck: ignore 122/module
	return chunk();
end
