-- The API of the community's mod_invites_api, on Prosody's own HTTP port and in prosodyctl, for bookmarks and
-- scripts with the old address. Requests are forwarded to Vestibule, and keys are its keys. (A host without
-- `vestibule_key` keeps the community's module, if it is installed.)

local vestibule = module:require "vestibule";
local visible = module:require "vestibule_visible";

-- prosodyctl loads this for no host; module.command decides by the host that it is given.
if prosody.process_type == "prosody" and not vestibule.is_configured() then
	return module:require "vestibule_stock" ("invites_api");
end

-- Headers that are forwarded with requests and answers.
local REQUEST_HEADERS = {
	["authorization"] = "Authorization", ["origin"] = "Origin", ["sec_purpose"] = "Sec-Purpose", ["purpose"] = "Purpose",
};
local ANSWER_HEADERS = {
	["allow"] = "Allow", ["cache-control"] = "Cache-Control", ["content-type"] = "Content-Type",
	["location"] = "Location", ["retry-after"] = "Retry-After", ["x-content-type-options"] = "X-Content-Type-Options",
	["access-control-allow-headers"] = "Access-Control-Allow-Headers",
	["access-control-allow-methods"] = "Access-Control-Allow-Methods",
	["access-control-allow-origin"] = "Access-Control-Allow-Origin",
	["access-control-expose-headers"] = "Access-Control-Expose-Headers",
	["access-control-max-age"] = "Access-Control-Max-Age",
};

local failed, succeeded = module:require "vestibule_outage" ({},
	"Requests to /invites_api cannot be passed on: %s", "Requests to /invites_api are passed on again");

local function pass_on(event)
	local request = event.request;
	local headers = { ["X-Forwarded-For"] = request.ip };
	for name, proper in pairs(REQUEST_HEADERS) do headers[proper] = request.headers[name]; end
	local path = "/invites_api"..(request.url.query and "?"..request.url.query or "");
	-- With its own connections, so that a flood of requests does not delay registrations.
	local body, status, answer = vestibule.send(request.method, path, headers, nil, { purpose = "relay" });
	if status == 0 then
		if body ~= vestibule.OVERLOADED then failed(body); end
		return { status_code = 503, headers = { ["Retry-After"] = "5", ["Content-Type"] = "text/plain" },
			body = "Invites cannot be made right now. Please try again in a few seconds.\n" };
	end
	succeeded();
	local passed_back = {};
	for name, value in pairs(answer) do
		local proper = ANSWER_HEADERS[name:lower():gsub("_", "-")];
		if proper then passed_back[proper] = value; end
	end
	return { status_code = status, headers = passed_back, body = body or "" };
end

if prosody.process_type == "prosody" then
	module:depends("http");
	module:provides("http", {
		default_path = "/invites_api";
		cors = { enabled = false };
		route = { GET = pass_on, HEAD = pass_on, POST = pass_on, OPTIONS = pass_on };
	});
end

local COMMANDS = {};

function COMMANDS.create(name)
	local key, problem = vestibule.ask("POST", "/v1/keys", name and name ~= "" and { name = name } or {}, "key");
	if not key then return nil, problem; end
	print(key.key);
	return true;
end

function COMMANDS.list()
	local keys, problem = vestibule.ask("GET", "/v1/keys", nil, "items");
	if not keys then return nil, problem; end
	for _, key in ipairs(keys.items) do
		print(("%s\t%s"):format(key.id, type(key.name) == "string" and visible(key.name) or "<unknown>"));
	end
	return true;
end

function COMMANDS.delete(id)
	if not id or id == "" then return nil, { title = "please supply a key ID" }; end
	local deleted, problem = vestibule.ask("DELETE", "/v1/keys/"..require "util.http".urlencode(id));
	if not deleted and problem.type == "not-found" then return nil, { title = "key not found" }; end
	return deleted, problem;
end

function module.command(arg)
	local command, host = COMMANDS[arg[1] or ""], arg[2];
	if not command or not host then
		print("usage: prosodyctl mod_invites_api create HOST [NAME]");
		print("       prosodyctl mod_invites_api list HOST");
		print("       prosodyctl mod_invites_api delete HOST ID");
		return 2;
	end
	if not prosody.hosts[host] then
		print("Error: please supply a valid host");
		return 1;
	end
	module.host = host;
	if not vestibule.is_configured() then
		module.host = "*";
		local loaded, problem = pcall(module:require "vestibule_stock", "invites_api");
		if not loaded then
			print("Error: "..tostring(problem));
			return 1;
		end
		return module.command(arg);
	end
	local done, problem = command(arg[3]);
	if not done then
		print("Error: "..(problem.detail or problem.title));
		return 1;
	end
	return 0;
end
