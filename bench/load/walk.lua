-- Walks over a file of requests, one a line (the path, a tab, the body), and makes each of them once. Every
-- thread has lines of its own.
--
-- Arguments: the file, the API key, the number of threads.

local threads = {}

function setup(thread)
   thread:set("number", #threads)
   table.insert(threads, thread)
end

function init(args)
   sent, ran_out, lines = 0, false, {}
   local count = 0
   for line in io.lines(args[1]) do
      if count % tonumber(args[3]) == number then
         lines[#lines + 1] = line
      end
      count = count + 1
   end
   head = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " .. args[2]
      .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
   sent = sent + 1
   local line = lines[sent]
   if not line then
      ran_out = true
      return "GET /ran-out HTTP/1.1\r\nHost: localhost\r\n\r\n"
   end
   local tab = string.find(line, "\t", 1, true)
   local body = string.sub(line, tab + 1)
   return "POST " .. string.sub(line, 1, tab - 1) .. head .. #body .. "\r\n\r\n" .. body
end

function done()
   for _, thread in ipairs(threads) do
      if thread:get("ran_out") then
         print("Ran out of requests")
         return
      end
   end
end
