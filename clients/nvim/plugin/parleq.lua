-- SPDX-License-Identifier: Apache-2.0
-- Defines the command and the mappings; nothing of the client is loaded before one of them is used.

if vim.g.loaded_parleq then
  return
end
vim.g.loaded_parleq = true

vim.api.nvim_create_user_command("Parleq", function(call)
  require("parleq.command").run(call)
end, {
  nargs = "?",
  bar = true,
  range = true,
  desc = "Dictate by parleqd",
  complete = function(lead)
    return require("parleq.command").complete(lead)
  end,
})

for _, action in ipairs({ "start", "stop", "toggle", "cancel", "last", "recover", "hold" }) do
  vim.keymap.set({ "n", "i", "x", "t" }, ("<Plug>(parleq-%s)"):format(action), function()
    require("parleq")[action]()
  end, { desc = "parleq: " .. action })
end
vim.keymap.set("x", "<Plug>(parleq-refine)", ":Parleq refine<CR>", { silent = true, desc = "parleq: refine" })
