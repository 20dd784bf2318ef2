-- Redirects the addresses of the community's pages on Prosody's own HTTP port to Vestibule's pages: links that were
-- given out before the move name that port. Vestibule understands the same paths, so the rest of the address is kept.

local links = module:get_option_string("vestibule_public_url");
if not links or not links:match("^https?://[^%s\"<>]+$") then
	module:log("error", "Old links are not redirected: set vestibule_public_url to the public_url of Vestibule");
	return;
end
links = links:gsub("/+$", "");

-- What a query of the old links consists of.
local QUERY = "^[%w%-%._~%%&=%+]+$";

local function redirect_to(path)
	return function (event)
		local query = event.request.url.query;
		local rest = query and #query <= 2000 and query:match(QUERY);
		return {
			status_code = 303;
			headers = {
				["Location"] = links..path..(rest and "?"..rest or "");
				-- The address contains a token.
				["Cache-Control"] = "no-store", ["Referrer-Policy"] = "no-referrer";
			};
		};
	end
end

module:depends("http");
for _, path in ipairs({ "/invites_page", "/register" }) do
	local redirect = redirect_to(path);
	module:provides("http", { name = path:sub(2), default_path = path, route = { GET = redirect, HEAD = redirect } });
end
