#!/bin/sh
# Configures a running Payara Server for the GenAI connector: thread pool, adapter, pools, resources, keys, monitoring.
# It creates what is missing and sets what differs, so it can be run again at any time.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./configure.sh
#
# --redeploy deploys the adapter again although there is one, for a new version.
#
# The server:      AS_ADMIN_HOST, AS_ADMIN_PORT, AS_ADMIN_USER, AS_ADMIN_PASSWORDFILE, as for asadmin itself
# Programs, files: ASADMIN (asadmin), GENAI_RAR, GENAI_METRICS_WAR (none: no /metrics), GENAI_CALLERS (the file callers)
# ComfyUI:         COMFYUI_URL, COMFYUI_API_KEY
# LLM:             LLM_PROVIDER (OPENAI, ANTHROPIC, LOCAL), LLM_URL, LLM_MODEL, LLM_API_KEY
# TLS of either:   COMFYUI_ or LLM_ with TRUST_STORE, TRUST_STORE_PASSWORD, KEY_STORE, KEY_STORE_PASSWORD
#
# A variable that is not set leaves its setting as it is. Keys and passwords are stored as password aliases, encrypted;
# neither domain.xml nor any command line shows them.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
asadmin=${ASADMIN:-asadmin}
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
metrics=${GENAI_METRICS_WAR:-$here/../metrics/target/genai-connector-metrics.war}
callers=${GENAI_CALLERS:-$here/callers}
pool=resources.connector-connection-pool

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf 'configure.sh: %s\n' "$*" >&2
    exit 1
}

# asadmin for many commands at once ends with success whatever most of them do: what it says decides
run() {
    status=0
    "$asadmin" "$@" >"$work/output" 2>&1 || status=$?
    if [ $status -ne 0 ] || grep -qE '^Command .* failed\.' "$work/output"; then
        grep -vE '^Command (.* executed successfully|multimode failed)\.|^resources\.|^configs\.|infocmp' "$work/output" >&2
        fail "not everything could be done, see above; what was done is kept, run this again afterwards"
    fi
}

line_in() { grep -qx -- "$2" "$work/$1"; }
value_of() { eval "printf '%s' \"\${$1:-}\""; }
command_line() { printf '%s\n' "$*" >>"$work/commands"; }
setting() { printf '%s\n' "$1" >>"$work/settings"; }

# $1 alias, $2 secret
store() {
    verb=create
    if line_in aliases "$1"; then verb=update; fi
    { cat "${AS_ADMIN_PASSWORDFILE:-/dev/null}"; printf 'AS_ADMIN_ALIASPASSWORD=%s\n' "$2"; } >"$work/secret"
    run --passwordfile "$work/secret" "$verb-password-alias" "$1"
    printf '%s\n' "$1" >>"$work/aliases"
}

# $1 pool, $2 its connection factory; what it is made with is only there until the settings follow
pool() {
    if ! line_in pools "$1"; then
        command_line "create-connector-connection-pool --raname genai-connector --connectiondefinition $2" \
            "--steadypoolsize 0 --maxpoolsize 5 $1"
    fi
    if ! line_in resources "eis/$1"; then
        command_line "create-connector-resource --poolname $1 eis/$1"
    fi
}

# $1 pool, $2 property, $3 variable
plain() {
    value=$(value_of "$3")
    if [ -n "$value" ]; then setting "$pool.$1.property.$2=$value"; fi
}

# the same for what nobody may read
secret() {
    alias=genai-$(printf '%s' "$3" | tr '[:upper:]_' '[:lower:]-')
    value=$(value_of "$3")
    if [ -n "$value" ]; then
        store "$alias" "$value"
        # the same words, but they mean another secret now
        grep -vF "\${ALIAS=$alias}" "$work/current" >"$work/rest" || :
        mv "$work/rest" "$work/current"
    fi
    if line_in aliases "$alias"; then setting "$pool.$1.property.$2=\${ALIAS=$alias}"; fi
}

# $1 pool, $2 beginning of its variables
transport() {
    secret "$1" apiKey "$2_API_KEY"
    plain "$1" trustStoreFile "$2_TRUST_STORE"
    secret "$1" trustStorePassword "$2_TRUST_STORE_PASSWORD"
    plain "$1" keyStoreFile "$2_KEY_STORE"
    secret "$1" keyStorePassword "$2_KEY_STORE_PASSWORD"
}

# $1 pool, $2 map, $3 principal or group, $4 who, $5 variable
caller() {
    value=$(value_of "$5")
    if [ -n "$value" ]; then store "genai-$2" "$value"; fi
    line_in aliases "genai-$2" || fail "$callers: no key for \"$2\"; set $5"
    case $3 in
        principal) who="--principals $4" ;;
        group) who="--usergroups $4" ;;
        *) fail "$callers: \"$3\" must be principal or group" ;;
    esac
    "$asadmin" list-connector-security-maps "$1" >"$work/maps" 2>/dev/null || : # a new pool has none
    if line_in maps "$2"; then return; fi
    { cat "${AS_ADMIN_PASSWORDFILE:-/dev/null}"; printf 'AS_ADMIN_MAPPEDPASSWORD=${ALIAS=genai-%s}\n' "$2"; } >"$work/secret"
    run --passwordfile "$work/secret" create-connector-security-map --poolname "$1" $who --mappedusername "$2" "$2"
}

[ -f "$rar" ] || fail "$rar is missing: build it (./mvnw package), or name it with GENAI_RAR"
redeploy=false
case ${1:-} in
    '') ;;
    --redeploy) redeploy=true ;;
    *) fail "the only option is --redeploy, not $1" ;;
esac

# 1. What is there?
printf 'list-%s\n' 'threadpools server' resource-adapter-configs 'applications server' connector-connection-pools \
    connector-resources password-aliases >"$work/commands"
printf 'get %s.*\n' resources configs.config.server-config >>"$work/commands"
run multimode --file "$work/commands"
for list in threadpools configs applications pools resources aliases current settings; do : >"$work/$list"; done
awk -v dir="$work" '
    BEGIN { split("threadpools configs applications pools resources aliases current", list); n = 1 }
    /^Command list-.* executed/ { n++; next }
    n < 7 { sub(/ .*/, "") }
    { print >(dir "/" list[n]) }' "$work/output"
: >"$work/commands"

# 2. What is missing. The adapter's configuration comes before the adapter, or it would be started twice.
line_in threadpools genai-threads || command_line create-threadpool genai-threads
line_in configs genai-connector || command_line create-resource-adapter-config --threadpoolid genai-threads genai-connector
if [ $redeploy = true ] || ! line_in applications genai-connector; then
    command_line deploy --force=$redeploy --name genai-connector "$rar"
fi
# only with AMX do applications see what the server counts of its pools
if ! line_in current configs.config.server-config.amx-configuration.enabled=true; then
    command_line set-amx-enabled --enabled=true --dynamic=true
fi
pool genai/comfyui org.genaiconnector.comfyui.ComfyUiConnectionFactory
pool genai/llm org.genaiconnector.llm.LlmConnectionFactory
if [ -f "$metrics" ] && ! line_in applications genai-connector-metrics; then
    command_line deploy --name genai-connector-metrics "$metrics"
fi

# 3. What differs.
sed -n 's/^set //p' "$here/pools.asadmin" >>"$work/settings"
plain genai/comfyui serverUrl COMFYUI_URL
transport genai/comfyui COMFYUI
plain genai/llm provider LLM_PROVIDER
plain genai/llm serverUrl LLM_URL
plain genai/llm model LLM_MODEL
transport genai/llm LLM
grep -vxF -f "$work/current" "$work/settings" | sed 's/^/set /' >>"$work/commands" || :
if [ -s "$work/commands" ]; then run multimode --file "$work/commands"; fi
grep -v '^#' "$callers" | while read -r in_pool map kind who variable; do
    if [ -n "$variable" ]; then caller "$in_pool" "$map" "$kind" "$who" "$variable"; fi
done

# 4. Does it work?
printf 'ping-connection-pool %s\n' genai/comfyui genai/llm >"$work/commands"
run multimode --file "$work/commands"
echo 'GenAI connector: configured; ComfyUI and the LLM service answer.'
