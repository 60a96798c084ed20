-- Runs Lua for a test: one {"lua": CODE, "arguments": […]} a line over the Unix socket at $DRIVER_SOCKET, each answered
-- with {"value": …} or {"error": …}. The code runs in the editor's main loop, between two keys.

local server = assert(vim.uv.new_pipe(false))
assert(server:bind(vim.env.DRIVER_SOCKET))

local function answer(line)
  local asked = vim.json.decode(line, { luanil = { object = true, array = true } })
  local fine, value = pcall(function()
    return assert(loadstring(asked.lua, "=test"))(unpack(asked.arguments or {}))
  end)
  local encoded = vim.json.encode(fine and { value = value == nil and vim.NIL or value } or { error = tostring(value) })
  return encoded .. "\n"
end

server:listen(1, function()
  local peer = assert(vim.uv.new_pipe(false))
  server:accept(peer)
  local held = ""
  peer:read_start(function(_, chunk)
    held = held .. (chunk or "")
    for line in held:gmatch("(.-)\n") do
      vim.schedule(function()
        peer:write(answer(line))
      end)
    end
    held = held:match("[^\n]*$")
  end)
end)
