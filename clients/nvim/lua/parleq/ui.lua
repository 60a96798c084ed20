-- SPDX-License-Identifier: Apache-2.0
-- What people are told, and the looks of what is heard. No dictated text is ever part of a message.

local M = {}

M.namespace = vim.api.nvim_create_namespace("parleq")

local function looks()
  vim.api.nvim_set_hl(0, "ParleqStable", { link = "String", default = true })
  vim.api.nvim_set_hl(0, "ParleqProvisional", { link = "Comment", default = true })
  vim.api.nvim_set_hl(0, "ParleqRefined", { link = "Visual", default = true })
end

looks()
vim.api.nvim_create_autocmd("ColorScheme", {
  group = vim.api.nvim_create_augroup("parleq", {}),
  callback = looks,
})

---Other people's notifications and status lines may fail: by themselves, so that no dictation is cut off by that.
local function tell(message, level)
  vim.schedule(function()
    vim.notify("parleq: " .. message, level, { title = "parleq" })
  end)
end

---@param message string
function M.inform(message)
  tell(message, vim.log.levels.INFO)
end

---@param message string
---@param hint? string
function M.warn(message, hint)
  tell(hint and hint ~= "" and ("%s (%s)"):format(message, hint) or message, vim.log.levels.WARN)
end

---@param failure table {message, hint?}
function M.failed(failure)
  local hint = failure.hint or ""
  tell(hint ~= "" and ("%s (%s)"):format(failure.message, hint) or failure.message, vim.log.levels.ERROR)
end

---Status lines are drawn anew, and `User ParleqStatus` is announced.
function M.status_changed()
  vim.schedule(function()
    vim.api.nvim_exec_autocmds("User", { pattern = "ParleqStatus", modeline = false })
    vim.cmd.redrawstatus({ bang = true })
  end)
end

---Partial text as chunks of virtual text.
---@param stable string
---@param provisional string
---@return table[]
function M.chunks(stable, provisional)
  local found = {}
  for _, chunk in ipairs({ { stable, "ParleqStable" }, { provisional, "ParleqProvisional" } }) do
    if chunk[1] ~= "" then
      found[#found + 1] = { (chunk[1]:gsub("%c", " ")), chunk[2] }
    end
  end
  return found
end

return M
