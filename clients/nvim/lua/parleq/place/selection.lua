-- SPDX-License-Identifier: Apache-2.0
-- A stretch of a buffer that is to be changed as is spoken.

local ui = require("parleq.ui")
local undo = require("parleq.place.undo")

local Place = {}
Place.__index = Place

local NO_UTF8 = "what is selected is no UTF-8 text"

---Whole lines, or what Visual mode selected of exactly these. Rows and columns from 0, end-exclusive.
local function range(first, last, selected)
  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  local text = vim.api.nvim_buf_get_lines(0, last - 1, last, false)[1] or ""
  if not selected or vim.fn.visualmode() ~= "v" or from[2] ~= first or to[2] ~= last then
    return first - 1, 0, last - 1, #text
  end
  local column = math.max(0, math.min(to[3] - 1, #text))
  if vim.o.selection ~= "exclusive" then
    column = column + #vim.fn.strcharpart(text:sub(column + 1), 0, 1, true)
  end
  return first - 1, from[3] - 1, last - 1, column
end

---@param first integer
---@param last integer
---@param selected boolean what was selected of them, where that was characters
---@return table? place
---@return string? trouble
function Place.of_lines(first, last, selected)
  local buffer = vim.api.nvim_get_current_buf()
  if not vim.bo[buffer].modifiable then
    return nil, "this buffer cannot be changed"
  end
  local row, column, end_row, end_column = range(first, last, selected)
  local place = setmetatable({ buffer = buffer, kind = "verified" }, Place)
  place.mark = vim.api.nvim_buf_set_extmark(buffer, ui.namespace, row, column, {
    end_row = end_row,
    end_col = end_column,
    end_right_gravity = false,
    hl_group = "ParleqRefined",
  })
  place.before = place:text()
  if place.before == "" then
    place:forget()
    return nil, "there is no text in this selection"
  elseif vim.fn.iconv(place.before, "utf-8", "utf-8") ~= place.before then
    place:forget()
    return nil, NO_UTF8
  end
  return place
end

local function extent(self)
  if not vim.api.nvim_buf_is_loaded(self.buffer) then
    return nil
  end
  local found = vim.api.nvim_buf_get_extmark_by_id(self.buffer, ui.namespace, self.mark, { details = true })
  if found[1] then
    return found[1], found[2], found[3].end_row, found[3].end_col
  end
end

---The text as it is now, nil where it is gone.
---@return string?
function Place:text()
  local row, column, end_row, end_column = extent(self)
  if row then
    return table.concat(vim.api.nvim_buf_get_text(self.buffer, row, column, end_row, end_column, {}), "\n")
  end
end

---What the daemon is told of this place.
---@return table
function Place:context()
  return { app = "nvim", file_type = vim.bo[self.buffer].filetype }
end

---@param stable string
---@param provisional string
function Place:show(stable, provisional)
  local row, column, end_row, end_column = extent(self)
  if row then
    vim.api.nvim_buf_set_extmark(self.buffer, ui.namespace, row, column, {
      id = self.mark,
      end_row = end_row,
      end_col = end_column,
      end_right_gravity = false,
      hl_group = "ParleqRefined",
      virt_text = ui.chunks(stable, provisional),
    })
  end
end

function Place:forget()
  if vim.api.nvim_buf_is_valid(self.buffer) then
    vim.api.nvim_buf_del_extmark(self.buffer, ui.namespace, self.mark)
  end
end

---@param text string
---@return boolean replaced
---@return string detail
function Place:insert(text)
  local row, column, end_row, end_column = extent(self)
  local now = self:text()
  self:forget()
  if not now then
    return false, "its buffer is gone"
  elseif now ~= self.before then
    return false, "what was selected has been changed meanwhile"
  elseif not vim.bo[self.buffer].modifiable then
    return false, "its buffer cannot be changed"
  elseif text ~= now then
    undo.step(self.buffer, function()
      local lines = vim.split(text, "\n", { plain = true })
      vim.api.nvim_buf_set_text(self.buffer, row, column, end_row, end_column, lines)
    end)
  end
  return true, ""
end

return Place
