-- What a writer does in Neovim, and what has to come of it. Run by `../neovim.sh` in a folder of two documents.

local DEADLINE = 30000

local function check(is_right, what)
  if not is_right then
    error(what, 0)
  end
  io.stdout:write("  " .. what .. "\n")
end

local function wait(is_right, what)
  check(vim.wait(DEADLINE, is_right, 20), what)
end

local function lines(path)
  return vim.api.nvim_buf_get_lines(vim.fn.bufnr(path), 0, -1, false)
end

-- The client, as `vim.lsp.start` makes it; Neovim 0.7 does not have that yet.
local id
local function attach()
  local config = { name = "folio", cmd = { vim.env.FOLIO, "lsp" }, root_dir = vim.loop.cwd() }
  if vim.lsp.start then
    id = vim.lsp.start(config)
  else
    id = id or vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(0, id)
  end
  check(id ~= nil, "the server is there")
end

local function session()
  local home = vim.fn.bufnr("home.md")
  local function problems()
    return vim.diagnostic.get(home)
  end
  wait(function() return #problems() == 1 end, "a problem is shown")
  local problem = problems()[1]
  check(problem.message:find("there is no `gone.md`", 1, true), "it says what is wrong")
  check(problem.lnum == 2 and problem.source == "folio", "it stands where the link is")

  vim.api.nvim_buf_set_lines(home, 2, 3, false, { "[to two](guide/two.md#second-part)" })
  wait(function() return #problems() == 0 end, "it goes with an edit that is not saved")

  vim.api.nvim_win_set_cursor(0, { 3, 3 })
  vim.lsp.buf.definition()
  wait(function() return vim.fn.expand("%:t") == "two.md" end, "a link leads to its document")
  check(vim.api.nvim_win_get_cursor(0)[1] == 5, "and to its section")

  vim.lsp.buf.rename("Another part")
  wait(function() return lines("two.md")[5] == "## Another part" end, "a heading is renamed")
  wait(function()
    return lines("home.md")[3] == "[to two](guide/two.md#another-part)"
  end, "and the links to it, in the other document")
  wait(function() return #problems() == 0 end, "which leaves nothing broken")

  local client = vim.lsp.get_client_by_id(id)
  vim.lsp.stop_client(id)
  wait(function() return vim.lsp.get_client_by_id(id) == nil or client.is_stopped() end, "the server ends")
end

vim.o.hidden = true
vim.cmd("filetype on")
vim.api.nvim_create_autocmd("FileType", { pattern = "markdown", callback = attach })
vim.api.nvim_create_autocmd("VimEnter", {
  -- In an event no other event would be told of, such as that a document is opened.
  callback = vim.schedule_wrap(function()
    local is_right, what = xpcall(session, function(fault) return debug.traceback(fault, 2) end)
    if is_right then
      vim.cmd("qall!")
    else
      io.stderr:write("failed: " .. what .. "\n")
      vim.cmd("cquit 1")
    end
  end),
})
