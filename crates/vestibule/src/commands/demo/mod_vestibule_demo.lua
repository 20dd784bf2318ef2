-- Made for a Prosody that `vestibule demo` started.

local server = require "net.server";

-- By this the demo knows its own Prosody, should another one have taken the port. The first half of a key is
-- no secret.
local id = module:get_option_string("vestibule_key"):match("^[^/]+");
module:hook("stream-features", function (event)
	event.features:tag("demo", { xmlns = "urn:vestibule:demo:"..id }):up();
end);

-- Ends with the demo, however that ends: nobody holds the other end of stdin then.
server.watchfd(0, function (stdin)
	stdin:close();
	prosody.main_thread:run(function () prosody.shutdown("The demo is over"); end);
end);
