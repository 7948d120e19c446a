#!/bin/sh
# Configures a running GlassFish for the GenAI connector: adapter, pools, resources, keys, monitoring levels.
# It creates what is missing and sets what differs, so it can be run again at any time.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./configure.sh
#
# It is the script for Payara Server without what only Payara has (a thread pool of the adapter, MicroProfile Metrics, AMX, the
# data grid): the same
# variables, the same options (--redeploy, --close, --remove), the same attributes in ../payara-server/pools.asadmin.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
GENAI_PRODUCT=glassfish
GENAI_CALLERS=${GENAI_CALLERS:-$here/../payara-server/callers}
export GENAI_PRODUCT GENAI_CALLERS
exec sh "$here/../payara-server/configure.sh" "$@"
