-- SPDX-License-Identifier: Apache-2.0
-- `:Parleq` and its completion.

local ui = require("parleq.ui")

local M = {}

local ACTIONS = { "cancel", "doctor", "last", "recover", "refine", "start", "stop", "toggle" }

---@param call table as |nvim_create_user_command()| gives it
function M.run(call)
  local action = call.args == "" and "toggle" or call.args
  if not vim.tbl_contains(ACTIONS, action) then
    ui.failed({ message = ("no action %q; there are: %s"):format(action, table.concat(ACTIONS, ", ")) })
  elseif action == "refine" then
    require("parleq").refine(call.line1, call.line2, call.range == 2)
  else
    require("parleq")[action]()
  end
end

---@param lead string
---@return string[]
function M.complete(lead)
  return vim.tbl_filter(function(action)
    return vim.startswith(action, lead)
  end, ACTIONS)
end

return M
