-- SPDX-License-Identifier: Apache-2.0
-- A place in a buffer's text: a mark that moves with it, where what is heard is shown and the text inserted.

local one_line = require("parleq.place.one_line")
local ui = require("parleq.ui")
local undo = require("parleq.place.undo")

local Place = {}
Place.__index = Place

-- Before 0.10, virtual text cannot stand within a line.
local POSITION = vim.fn.has("nvim-0.10") == 1 and "inline" or "eol"

---Every place that waits for its text, in the order in which they were begun.
local places = {}

local repeated = "" -- what `.` inserts

local function cursor_of(window)
  local row, column = unpack(vim.api.nvim_win_get_cursor(window))
  return row - 1, column
end

local function inserting()
  return vim.api.nvim_get_mode().mode:find("^[iR]") ~= nil
end

---The length of a line in bytes, and where its last character begins.
local function line_end(buffer, row)
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ""
  local last = vim.fn.strcharpart(line, vim.fn.strchars(line, true) - 1, 1, true)
  return #line, #line - #last
end

---The cursor's place: where `i` would insert; in Normal mode on a line's last character, behind it.
local function here()
  local row, column = cursor_of(0)
  if not inserting() then
    local length, last = line_end(0, row)
    column = column >= last and length or column
  end
  return row, column
end

---@return table? place
---@return string? trouble
function Place.at_cursor()
  local buffer = vim.api.nvim_get_current_buf()
  if not vim.bo[buffer].modifiable then
    return nil, "this buffer cannot be changed"
  end
  local row, column = here()
  local place = setmetatable({ buffer = buffer, kind = "verified" }, Place)
  place.mark = vim.api.nvim_buf_set_extmark(buffer, ui.namespace, row, column, { right_gravity = false })
  places[#places + 1] = place
  return place
end

---What the daemon is told of this place.
---@return table
function Place:context()
  return { app = "nvim", file_type = vim.bo[self.buffer].filetype }
end

local function position(self)
  if not vim.api.nvim_buf_is_loaded(self.buffer) then
    return nil
  end
  local found = vim.api.nvim_buf_get_extmark_by_id(self.buffer, ui.namespace, self.mark, {})
  return found[1], found[2]
end

local function put_mark(self, row, column, chunks)
  vim.api.nvim_buf_set_extmark(self.buffer, ui.namespace, row, column, {
    id = self.mark,
    right_gravity = false,
    virt_text = chunks,
    virt_text_pos = chunks and POSITION or nil,
  })
end

---Shows what is heard so far.
---@param stable string
---@param provisional string
function Place:show(stable, provisional)
  local row, column = position(self)
  if row then
    local chunks = ui.chunks(stable, provisional)
    put_mark(self, row, column, chunks[1] and chunks or nil)
  end
end

---Nothing more will come here.
function Place:forget()
  for index, place in ipairs(places) do
    if place == self then
      table.remove(places, index)
    end
  end
  if vim.api.nvim_buf_is_valid(self.buffer) then
    vim.api.nvim_buf_del_extmark(self.buffer, ui.namespace, self.mark)
  end
end

---Windows whose cursor is where the text will go, and shall be behind it afterwards.
local function followers(buffer, row, column)
  local found = {}
  local length, last = line_end(buffer, row)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    local cursor_row, cursor_column = cursor_of(window)
    local behind = column == length and not inserting() and cursor_column == last
    if cursor_row == row and (cursor_column == column or behind) then
      found[#found + 1] = window
    end
  end
  return found
end

---Inserts as one undo step, and takes along the cursors and the later places that stood there.
local function insert_at(buffer, row, column, text)
  local lines = vim.split(text, "\n", { plain = true })
  local windows = followers(buffer, row, column)
  local later = vim.tbl_filter(function(place)
    local its_row, its_column = position(place)
    return place.buffer == buffer and its_row == row and its_column == column
  end, places)
  undo.step(buffer, function()
    vim.api.nvim_buf_set_text(buffer, row, column, row, column, lines)
  end)
  local end_row = row + #lines - 1
  local end_column = #lines[#lines] + (#lines == 1 and column or 0)
  for _, place in ipairs(later) do
    put_mark(place, end_row, end_column, nil)
  end
  for _, window in ipairs(windows) do
    local typing = inserting() and window == vim.api.nvim_get_current_win()
    -- In Normal mode a cursor beyond the line's end is put on its last character.
    vim.api.nvim_win_set_cursor(window, { end_row + 1, typing and end_column or math.max(end_column - 1, 0) })
  end
end

---The text comes. Gives whether it is there, else why not.
---@param text string
---@return boolean inserted
---@return string detail
function Place:insert(text)
  local row, column = position(self)
  self:forget()
  if not row then
    return false, "its buffer is gone"
  elseif not vim.bo[self.buffer].modifiable then
    return false, "its buffer cannot be changed"
  end
  if vim.bo[self.buffer].buftype == "prompt" then
    text = one_line(text)
  end
  local function insert()
    insert_at(self.buffer, row, column, text)
  end
  local plain = vim.api.nvim_get_mode().mode == "n" and vim.api.nvim_get_current_buf() == self.buffer
  if plain then
    repeated = text
    undo.as_operator(insert, function()
      local again_row, again_column = here()
      insert_at(0, again_row, again_column, repeated)
    end)
  else
    insert()
  end
  return true, ""
end

return Place
