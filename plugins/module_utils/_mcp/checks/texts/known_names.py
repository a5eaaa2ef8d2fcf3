# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Names of well-known tools and servers, which another server may imitate.

The names are those that the servers list themselves: the reference servers of the Model Context Protocol, and those of
GitHub, Playwright, Context7, Firecrawl, Brave, Slack and Atlassian, in 2026.
"""

from __future__ import annotations

import typing as t

from .lookalikes import shape

# Tools whose names say which server they belong to, by a word in the name of that server.
_OWNED: t.Final = {
    "atlassian": ("jira_create_issue", "jira_search", "jira_get_issue", "confluence_search", "confluence_get_page"),
    "brave": ("brave_web_search", "brave_local_search", "brave_image_search", "brave_news_search"),
    "context7": ("resolve-library-id", "get-library-docs", "query-docs"),
    "filesystem": ("list_allowed_directories", "read_multiple_files", "directory_tree"),
    "firecrawl": ("firecrawl_scrape", "firecrawl_map", "firecrawl_search", "firecrawl_crawl", "firecrawl_extract"),
    "git": ("git_diff_unstaged", "git_diff_staged", "git_create_branch", "git_checkout", "git_commit"),
    "github": ("create_or_update_file", "push_files", "pull_request_read", "assign_copilot_to_issue"),
    "memory": ("create_entities", "add_observations", "read_graph", "open_nodes"),
    "playwright": ("browser_navigate", "browser_snapshot", "browser_click", "browser_run_code"),
    "sequential": ("sequentialthinking",),
    "slack": ("slack_post_message", "slack_list_channels", "slack_reply_to_thread"),
}
OWNER: t.Final = {name: owner for owner, names in _OWNED.items() for name in names}
# Names that many servers share, but that nothing should imitate.
_TOOLS: t.Final = (
    *("read_file", "write_file", "edit_file", "list_directory", "search_files", "delete_file", "move_file"),
    *("create_directory", "fetch", "search", "create_issue", "list_issues", "create_pull_request", "get_file_contents"),
    *("send_email", "execute_sql", "execute_command", "query"),
)
_SERVERS: t.Final = (
    *("github", "github-mcp-server", "filesystem", "playwright", "context7", "slack", "memory", "atlassian"),
    *("supabase", "stripe"),
)
SHAPES: t.Final = {shape(name): name for name in (*OWNER, *_TOOLS, *_SERVERS)}
