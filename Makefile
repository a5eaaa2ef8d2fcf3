# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Thin on purpose: what a target does is in the script that it calls.
# Every target first makes the checkout ready (.venv, .cache); when that is done, it costs nothing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := $(CURDIR)/.venv
PYTHON_RUN := $(VENV)/bin/python
export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/collections
# Tools put what they learn beside the checkout's other caches, never into the user's home.
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

.PHONY: bootstrap
bootstrap: ## Make .venv and .cache (every other target does it too)
	@tests/tools/bootstrap.sh

# --- Try it -----------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: bootstrap ## Real MCP servers from a manifest to Validated, on a real Kubernetes
	@$(PYTHON_RUN) tests/demo/demo.py

.PHONY: cluster-up
cluster-up: bootstrap ## Bring up a Kubernetes to test with
	@$(PYTHON_RUN) tests/cluster up

.PHONY: cluster-down
cluster-down: bootstrap ## Take that Kubernetes down
	@$(PYTHON_RUN) tests/cluster down

# --- Check it ---------------------------------------------------------------------------------------------------------

.PHONY: test
test: bootstrap ## Everything that a change must pass: check, sanity, integration, attacks, molecule, e2e
	@$(PYTHON_RUN) tests/tools/run_tests.py

# An hour on two cores. Run it before a release, and when you change the testbed or the supported versions.
.PHONY: test-all
test-all: bootstrap ## The same and what rarely changes: all ansible-core, older Kubernetes, the testbed, oracles, fuzzing, long properties
	@$(PYTHON_RUN) tests/tools/run_tests.py --all

.PHONY: check
check: bootstrap ## The fast part, without a cluster: lint and unit
	@$(PYTHON_RUN) tests/tools/check.py

.PHONY: lint
lint: bootstrap ## Style, types, layers, licences; with ansible-lint and the changelog, which make check leaves out
	@$(PYTHON_RUN) tests/tools/check.py lint slow-lint

.PHONY: unit
unit: bootstrap ## Unit tests
	@$(PYTHON_RUN) tests/tools/check.py unit

.PHONY: sanity
sanity: bootstrap ## ansible-test sanity on what users install
	@$(PYTHON_RUN) tests/tools/sanity.py

# On demand: ten minutes on a new machine, of which all but two go into ansible-test's environments.
.PHONY: sanity-all
sanity-all: bootstrap ## The same with every ansible-core that is supported
	@$(PYTHON_RUN) tests/tools/sanity.py --core 2.19 2.20 2.21

.PHONY: galaxy
galaxy: bootstrap ## What Ansible Galaxy says of the tarball
	@$(PYTHON_RUN) tests/tools/galaxy.py

.PHONY: integration
integration: bootstrap ## Tests against a real API server
	@$(PYTHON_RUN) -m pytest tests/integration

.PHONY: security
security: bootstrap ## Attacks that must fail
	@$(PYTHON_RUN) -m pytest tests/security

# On demand: what the databases know changes without a change of ours.
.PHONY: audit
audit: bootstrap ## Known vulnerabilities in dependencies, and insecure code: pip-audit, govulncheck, bandit
	@$(PYTHON_RUN) tests/tools/audit.py

.PHONY: molecule
molecule: bootstrap ## Molecule's scenario default: the role as a user's own playbook takes it
	@$(PYTHON_RUN) tests/tools/molecule.py

# It needs Docker and kind. KIND_NODE_IMAGE=kindest/node:v1.31.14 selects a version of Kubernetes.
.PHONY: molecule-kind
molecule-kind: bootstrap ## Molecule's scenario kind: the operator in a new cluster of kind
	@MOLECULE_GLOB='molecule/*/molecule.yml' molecule test --scenario-name kind

# It needs Go.
.PHONY: actionlint
actionlint: ## Check the workflows of GitHub Actions
	@go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -no-color .github/workflows/*.yml examples/ci/github-actions.yml

# On demand and in test-all. VERSIONS="1.31" is one of them; each is built on first use, in about six minutes.
.PHONY: kubernetes-versions
kubernetes-versions: bootstrap ## What depends on the API server, on older versions of Kubernetes
	@$(PYTHON_RUN) tests/tools/kubernetes_versions.py $(VERSIONS)

.PHONY: e2e
e2e: bootstrap ## Tests with real Pods
	@$(PYTHON_RUN) -m pytest tests/e2e

# BENCH="--sizes 500 --pairs 5 --idle 300" for what the project promises; a small one takes some minutes.
.PHONY: bench
bench: bootstrap ## How long a fleet takes, beside the least that Kubernetes itself takes
	@$(PYTHON_RUN) tests/bench $(BENCH)

# The official clients and the conformance suite judge real servers: ten minutes, and a few more the first time.
.PHONY: oracles
oracles: bootstrap ## Compare the validator with the official SDKs' clients, schemas and conformance suite
	@$(PYTHON_RUN) -m pytest tests/oracles

# An hour the first time, which installs the servers; SERVERS="'go-sdk-*'" or ORACLES=--allow-not-judged are shorter.
.PHONY: oracles-all
oracles-all: bootstrap ## Judge published servers of many versions beside the official clients; writes docs/judged-servers.md
	@$(PYTHON_RUN) tests/servers/oracle/judged $(ORACLES) $(SERVERS)

# Half an hour of a processor; FUZZ="--seconds 5 sse FuzzHost" is shorter.
.PHONY: fuzz
fuzz: bootstrap ## Fuzz parsers: those of the validator, manifests and the sidecar
	@tests/tools/fuzz.sh $(FUZZ)

# --- Make things ------------------------------------------------------------------------------------------------------

.PHONY: build
build: bootstrap ## Build the collection's tarball into build/
	@ansible-galaxy collection build --force --output-path build .
	@$(PYTHON_RUN) tests/tools/tarball.py build/mcp-kubernetes-*.tar.gz

# VERSION=1.2.3, by default that of the tag v1.2.3; RELEASE=--no-images leaves out the images, which need root.
.PHONY: release
release: bootstrap ## Make all files of a release in dist/, from the commit that is checked out
	@$(PYTHON_RUN) tests/tools/release.py $(RELEASE) $(VERSION)

.PHONY: release-check
release-check: bootstrap ## Make them twice, in temporary folders, and compare their digests
	@$(PYTHON_RUN) tests/tools/release.py --check $(RELEASE) $(VERSION)

# KEY=cosign.key, VERSION as for release; REGISTRY=HOST/PATH for another registry than that of release/settings.yml.
.PHONY: publish
publish: bootstrap ## Push the images and the chart in dist/ to a registry, and sign them
	@$(PYTHON_RUN) tests/tools/publish.py $(VERSION) --key $(KEY) $(if $(REGISTRY),--registry $(REGISTRY))

# Before a release: commit what it changes.
.PHONY: version
version: bootstrap ## Write VERSION=1.2.3 into all files that contain the version, and collect the changelog
	@$(PYTHON_RUN) tests/tools/version.py $(VERSION)
	@$(MAKE) crd chart-readme reference
	@$(PYTHON_RUN) tests/tools/fragments.py
	@antsibull-changelog release --version $(VERSION)

.PHONY: format
format: bootstrap ## Format the Python files
	@ruff check --fix-only --quiet . ; ruff format .

.PHONY: addresses
addresses: bootstrap ## Write the registry and repository of release/settings.yml into all files, and what is made of them
	@$(PYTHON_RUN) tests/tools/addresses.py
	@$(MAKE) crd reference

.PHONY: crd
crd: bootstrap ## Renew all that is made of the CRD: the copies that are applied, install.yaml, the reference
	@$(PYTHON_RUN) tests/tools/crd.py
	@$(PYTHON_RUN) tests/tools/crd_page.py
	@$(PYTHON_RUN) tests/tools/install_yaml.py

.PHONY: reference
reference: bootstrap ## Renew the reference of plugins, roles and playbooks, and the comments at the top of playbooks
	@$(PYTHON_RUN) tests/tools/plugin_pages.py
	@$(PYTHON_RUN) tests/tools/playbook_pages.py

.PHONY: chart-readme
chart-readme: bootstrap ## Make the README of the chart from its values
	@$(PYTHON_RUN) tests/tools/chart_readme.py

# The first time, it installs mkdocs into an environment of its own.
.PHONY: docs
docs: bootstrap ## Build the documentation as a site into build/site, and check its links
	@$(PYTHON_RUN) tests/tools/site.py

.PHONY: dashboards
dashboards: bootstrap ## Make Grafana's dashboards for the chart
	@$(PYTHON_RUN) tests/tools/dashboards.py

# A fleet runs for seven minutes in the testbed; KUBECONFIG of a cluster of your own is not enough.
.PHONY: dashboard-pictures
dashboard-pictures: bootstrap ## Draw the pictures of the dashboards from a run in the testbed
	@$(PYTHON_RUN) tests/tools/dashboard_pictures.py

.PHONY: terminal
terminal: bootstrap ## Record the picture of the README in the testbed
	@$(PYTHON_RUN) tests/tools/terminal.py

.PHONY: install-yaml
install-yaml: bootstrap ## Render install.yaml from the chart, for kubectl and for the role that applies it
	@$(PYTHON_RUN) tests/tools/install_yaml.py

.PHONY: lock
lock: bootstrap ## Renew the versions in requirements/*.txt
	@tests/tools/lock.sh

.PHONY: clean
clean: ## Remove what was made in this checkout (the machine-wide cache stays)
	@rm -rf .venv .cache .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
