-- SPDX-License-Identifier: Apache-2.0
-- JSON-RPC messages as lines of JSON: bytes in, messages out. No I/O, nothing of the editor.

local M = {}

M.MAX_BYTES = 8 * 1024 * 1024

---@param message table
---@return string
function M.encode(message)
  message.jsonrpc = "2.0"
  return vim.json.encode(message) .. "\n"
end

---A function that takes what arrives and gives the messages that are complete, or nil and what is wrong.
---@return fun(chunk: string): table[]?, string?
function M.reader()
  local parts, held = {}, 0

  local function line_ended(piece)
    parts[#parts + 1] = piece
    local line = table.concat(parts)
    parts, held = {}, 0
    return line
  end

  return function(chunk)
    local messages, start = {}, 1
    while true do
      local stop = chunk:find("\n", start, true)
      local piece = chunk:sub(start, (stop or 0) - 1)
      held = held + #piece
      if held > M.MAX_BYTES then
        return nil, "a message of more than 8 MiB came"
      end
      if not stop then
        parts[#parts + 1] = piece
        return messages
      end
      local line = line_ended(piece)
      if line:find("%S") then
        local fine, message = pcall(vim.json.decode, line, { luanil = { object = true, array = true } })
        if not fine or type(message) ~= "table" then
          return nil, "what came is no JSON object"
        end
        messages[#messages + 1] = message
      end
      start = stop + 1
    end
  end
end

return M
