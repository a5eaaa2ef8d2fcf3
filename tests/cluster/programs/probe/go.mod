// A program in a Pod that shows what a Pod can do: the tests of the testbed itself run it.
module mcp.kubernetes/testbed/probe

go 1.21
