-- SPDX-License-Identifier: Apache-2.0
-- A change as an undo step of its own, and as one that `.` repeats.

local M = {}

local BREAK = vim.api.nvim_replace_termcodes("<C-g>u", true, false, true)

---Setting 'undolevels', to whatever value, ends the buffer's undo step. It is no change that others should hear of.
local function finish_step(buffer)
  vim.api.nvim_buf_call(buffer, function()
    vim.cmd("noautocmd let &l:undolevels = &l:undolevels")
  end)
end

---@param buffer integer
---@param change fun()
function M.step(buffer, change)
  finish_step(buffer)
  change()
  finish_step(buffer)
  -- Insert mode notes what is typed next in the step that it began itself, unless it is told to begin another one.
  if vim.api.nvim_get_mode().mode:find("^i") and vim.api.nvim_get_current_buf() == buffer then
    vim.api.nvim_feedkeys(BREAK, "in", false)
  end
end

local first, again

---Makes a change in Normal mode by way of an operator, since only commands can be repeated.
---@param change fun() what is done now
---@param repetition fun() what `.` does later
function M.as_operator(change, repetition)
  first, again = change, repetition
  vim.go.operatorfunc = "v:lua.require'parleq.place.undo'.operate"
  vim.cmd.normal({ "g@l", bang = true })
  if first then -- something kept the operator from being called
    first = nil
    change()
  end
end

function M.operate()
  local change = first or again
  first = nil
  change()
end

return M
