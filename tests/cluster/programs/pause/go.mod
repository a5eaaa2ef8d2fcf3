// The container that holds a Pod's namespaces.
module mcp.kubernetes/testbed/pause

go 1.21
