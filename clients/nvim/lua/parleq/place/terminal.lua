-- SPDX-License-Identifier: Apache-2.0
-- A program in a terminal buffer: it gets the text as if it were typed, on one line, and never a line's end.

local one_line = require("parleq.place.one_line")
local ui = require("parleq.ui")

local Place = {}
Place.__index = Place

---@return table place
function Place.here()
  return setmetatable({ buffer = vim.api.nvim_get_current_buf(), kind = "sent" }, Place)
end

---What the daemon is told of this place: it has rules for terminals.
---@return table
function Place:context()
  return { app = "terminal", file_type = "" }
end

---@param stable string
---@param provisional string
function Place:show(stable, provisional)
  self:forget()
  local window = vim.fn.bufwinid(self.buffer)
  local chunks = ui.chunks(stable, provisional)
  if window ~= -1 and chunks[1] then
    local row = vim.api.nvim_win_get_cursor(window)[1] - 1
    self.mark = vim.api.nvim_buf_set_extmark(self.buffer, ui.namespace, row, 0, { virt_text = chunks })
  end
end

function Place:forget()
  if self.mark and vim.api.nvim_buf_is_valid(self.buffer) then
    vim.api.nvim_buf_del_extmark(self.buffer, ui.namespace, self.mark)
  end
  self.mark = nil
end

---@param text string
---@return boolean inserted
---@return string detail
function Place:insert(text)
  self:forget()
  if not vim.api.nvim_buf_is_loaded(self.buffer) then
    return false, "its terminal is gone"
  end
  if not pcall(vim.api.nvim_chan_send, vim.bo[self.buffer].channel, one_line(text)) then
    return false, "its program has ended"
  end
  return true, ""
end

return Place
