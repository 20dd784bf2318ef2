-- Talking to Vestibule: one request, one answer, and nobody else is held up meanwhile.

local async = require "util.async";
local json = require "util.json";

-- In prosodyctl there is no loop to wait in.
local http = prosody.process_type == "prosody" and module:require "vestibule_http" or nil;

-- Seconds. Whoever registers waits no longer than this for Vestibule.
local TIMEOUT = 5;

-- Read late: prosodyctl names the host only after it has loaded the module.
local function settings()
	local base = module:get_option_string("vestibule_url", "http://127.0.0.1:8280");
	return base:gsub("/+$", ""), module:get_option_string("vestibule_key", "");
end

-- A trouble is told once, not for each stanza that meets it; and once more when it is over.
local trouble;
local function tell(new_trouble)
	if new_trouble == trouble then return; end
	if new_trouble then
		module:log("error", "Vestibule cannot be asked, so nobody is let in: %s", new_trouble);
	else
		module:log("info", "Vestibule answers again");
	end
	trouble = new_trouble;
end

-- In prosodyctl, where there is nobody else to hold up.
local function send_blocking(url, options)
	local https = url:match("^https:");
	local ok, transport = pcall(require, https and "ssl.https" or "socket.http");
	if not ok then return "LuaSocket is missing: "..tostring(transport), 0, {}; end
	local ltn12 = require "ltn12";
	transport.TIMEOUT = TIMEOUT;
	local parts = {};
	options.headers["Content-Length"] = tostring(#(options.body or ""));
	local sent, code, headers = transport.request({
		url = url, method = options.method, headers = options.headers, redirect = false;
		source = ltn12.source.string(options.body or ""), sink = ltn12.sink.table(parts);
		verify = https and "peer" or nil, cafile = https and "/etc/ssl/certs/ca-certificates.crt" or nil;
	});
	if not sent then return tostring(code), 0, {}; end
	return table.concat(parts), code, headers;
end

-- Sends a request as it is; status 0 is no answer at all, and the body then says why.
local function send(method, path, headers, body, may_repeat)
	local url = settings()..path;
	headers["User-Agent"] = "mod_invites/1 Prosody/"..tostring(prosody.version);
	local options = { method = method, headers = headers, body = body, may_repeat = may_repeat };
	if not http then return send_blocking(url, options); end
	if not async.ready() then return "asked outside of an asynchronous context", 0, {}; end
	-- This coroutine waits, the others go on.
	local answer, code, answer_headers = http.send(url, options, TIMEOUT);
	return answer, code, answer_headers or {};
end

-- What the API says no with, in words that Prosody knows.
local AWAY = { type = "away", title = "Vestibule cannot be asked" };

-- Whether asking twice comes to the same as asking once. A claim is made anew by the admission that it came with.
local function may_repeat(method, path, body)
	return method ~= "POST" or path:find("^/v1/redemptions/") ~= nil or (body and body.admission) ~= nil;
end

-- Asks the API. The answer is what it says; or nil and a problem, whose type is the name of RFC 9457 without
-- its prefix, or "away" where there was no answer to go by. Nobody is let in on that. `proof` is a field by which
-- an answer of Vestibule's is told from anything else that happens to be JSON.
local function ask(method, path, body, proof)
	local _, key = settings();
	local headers = { ["Authorization"] = "Bearer "..key, ["Accept"] = "application/json" };
	local text;
	if body then
		headers["Content-Type"] = "application/json";
		text = json.encode(body);
	end
	local answer, status = send(method, path, headers, text, may_repeat(method, path, body));
	if status == 204 and not proof then
		tell(nil);
		return true;
	elseif status == 0 or type(status) ~= "number" then
		tell(tostring(answer).." (vestibule_url is "..settings()..")");
		return nil, AWAY;
	end
	local value = json.decode(answer);
	if status >= 200 and status < 300 then
		if type(value) == "table" and (not proof or value[proof] ~= nil) then
			tell(nil);
			return value;
		end
	elseif type(value) == "table" and type(value.type) == "string" then
		local name = value.type:match("^urn:vestibule:problem:(.+)$");
		if name == "unauthorized" or name == "forbidden" then
			tell(value.title.." (vestibule_key; make one with: vestibule keys create "..module.host
				.." Prosody --scope bridge)");
			return nil, AWAY;
		elseif name and status < 500 and name ~= "rate-limited" and name ~= "not-found" then
			tell(nil);
			return nil, { type = name, title = value.title, detail = value.detail };
		elseif name == "not-found" then
			return nil, { type = name, title = value.title, detail = value.detail };
		end
	end
	tell(("status %d from %s, which is no answer of Vestibule's API"):format(status, settings()));
	return nil, AWAY;
end

return { ask = ask, send = send, settings = settings };
