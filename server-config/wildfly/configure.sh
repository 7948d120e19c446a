#!/bin/sh
# Configures a running WildFly (standalone) for the GenAI connector: adapter, pools, keys, binding of message-driven beans.
# It creates what is missing and sets what differs, so it can be run again at any time; it reloads WildFly only if it has to.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./configure.sh
#
# --redeploy  deploys the adapter again although there is one, for a new version
# --remove    removes all of it: pools, adapter, keys; with GENAI_NAME only the pools of that name
#
# The server:      JBOSS_CLI (jboss-cli.sh), JBOSS_CONTROLLER (127.0.0.1:9990)
# Files:           GENAI_RAR
# Which pools:     GENAI_POOLS ("comfyui llm"), GENAI_NAME (none): "eu" makes java:/eis/genai/llm-eu, so that run after run
#                  there can be any number of servers and services
# ComfyUI:         COMFYUI_URL, COMFYUI_API_KEY
# LLM:             LLM_PROVIDER (OPENAI, ANTHROPIC, LOCAL and more, see docs/reference.md), LLM_URL, LLM_MODEL, LLM_API_KEY
# TLS of either:   COMFYUI_ or LLM_ with TRUST_STORE, TRUST_STORE_PASSWORD, KEY_STORE, KEY_STORE_PASSWORD
# Keys:            GENAI_KEYS (encrypted): "encrypted" keeps them as expressions that only this server can decrypt, with a
#                  credential store in its configuration directory; "environment" writes ${env.LLM_API_KEY} and the like, so
#                  that WildFly must be started with those variables
#
# A variable that is not set leaves its setting as it is; but another LLM_PROVIDER forgets address, model and key of the one
# before. The attributes of the pools are in the file pools.txt beside this script.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cli=${JBOSS_CLI:-jboss-cli.sh}
controller=${JBOSS_CONTROLLER:-127.0.0.1:9990}
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
name=${GENAI_NAME:+-$GENAI_NAME}
wanted=${GENAI_POOLS:-comfyui llm}
keys=${GENAI_KEYS:-encrypted}
adapter=/subsystem=resource-adapters/resource-adapter=genai-connector
deployment=genai-connector.rar

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf 'configure.sh: %s\n' "$*" >&2
    exit 1
}

hint=

# Runs the commands that were collected; secrets are in that file only, which nobody else can read.
run() {
    [ -s "$work/commands" ] || return 0
    # the time is for reloads
    if ! "$cli" --connect --timeout=120000 --controller="$controller" --file="$work/commands" >"$work/output" 2>&1 </dev/null; then
        tail -n 15 "$work/output" >&2
        fail "not everything could be done, see above; what was done is kept, run this again afterwards$hint"
    fi
    : >"$work/commands"
    grep '^not yet in effect' "$work/output" >>"$work/later" || :
}

command_line() { printf '%s\n' "$*" >>"$work/commands"; }
value_of() { eval "printf '%s' \"\${$1:-}\""; }
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# $1 variable; WildFly would only say so when a connection is made
check_address() {
    value=$(value_of "$1")
    case $value in '' | http://?* | https://?*) ;; *) fail "$1 must begin with http:// or https://, not \"$value\"" ;; esac
}

# The names are those of the table in docs/reference.md; without that file the first call tells. WildFly would only say so when a
# connection is made.
check_provider() {
    [ -n "${LLM_PROVIDER:-}" ] && [ -f "$here/../../docs/reference.md" ] || return 0
    sed -n '/<!-- begin providers -->/,/<!-- end providers -->/s/^| `\([A-Z_]*\)` .*/\1/p' "$here/../../docs/reference.md" |
        grep -xF -e "$LLM_PROVIDER" >/dev/null ||
        fail "LLM_PROVIDER may be OPENAI, ANTHROPIC, LOCAL or another name in docs/reference.md, not \"$LLM_PROVIDER\""
}

# $1 operation whose success means that there is something, then the commands if there is nothing
unless() {
    command_line "if (outcome != success) of $1"
    shift
    for line in "$@"; do command_line "    $line"; done
    command_line end-if
}

# $1 path of an existing resource, $2 attribute, $3 value
attribute() {
    command_line "if (result != $3) of $1:read-attribute(name=$2)"
    command_line "    $1:write-attribute(name=$2,value=$3)"
    command_line end-if
}

# Reads a pool: its attributes, as lines name=value, and its properties, as lines name="value", with the value as the command line
# quotes it. $1 pool
read_pool() {
    command_line "if (outcome == success) of $adapter/connection-definitions=$1:read-resource"
    command_line "    $adapter/connection-definitions=$1:read-resource(recursive=true)"
    command_line end-if
    run
    sed -n 's/^ *"\([A-Za-z]*\)" => {"value" => \(expression \)\{0,1\}\(".*"\)},\{0,1\}$/\1=\3/p' "$work/output" >"$work/properties"
    sed -n 's/^ *"\([a-z-]*\)" => "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1=\2/p' "$work/output" |
        sed 's/=\([0-9]*\)L$/=\1/' >"$work/current"
}

# An attribute of the pool that was read. Beside adapters within applications WildFly cannot put some attributes into effect while it
# runs (WFLYJCA0045); it keeps those for a reload. $1 pool, $2 attribute, $3 value
pool_attribute() {
    if grep -qxF -e "$2=$3" "$work/current"; then return; fi
    command_line try
    command_line "    $adapter/connection-definitions=$1:write-attribute(name=$2,value=$3){rollback-on-runtime-failure=false}"
    command_line catch
    command_line "    echo not yet in effect: $1 $2 $3"
    command_line end-try
}

# A property of the pool that was read; WildFly cannot write one, so a changed one is made again. $1 pool, $2 property, $3 value
property() {
    if grep -qxF -e "$2=$(quoted "$3")" "$work/properties"; then return; fi
    no_property "$1" "$2"
    command_line "$adapter/connection-definitions=$1/config-properties=$2:add(value=$(quoted "$3"))"
}

# $1 pool, $2 property
no_property() {
    if grep -q "^$2=" "$work/properties"; then
        command_line "$adapter/connection-definitions=$1/config-properties=$2:remove"
        grep -v "^$2=" "$work/properties" >"$work/rest" || :
        mv "$work/rest" "$work/properties"
    fi
}

# $1 pool, $2 property, $3 variable
plain() {
    value=$(value_of "$3")
    if [ -n "$value" ]; then property "$1" "$2" "$value"; fi
}

# The same for secrets.
secret() {
    value=$(value_of "$3")
    if [ $keys = environment ]; then
        if [ -n "$value" ]; then property "$1" "$2" "\${env.$3}"; fi
    elif [ -n "$value" ]; then
        run
        command_line "/subsystem=elytron/expression=encryption:create-expression(resolver=genai,clear-text=$(quoted "$value"))"
        run
        encrypted=$(sed -n 's/.*"expression" => "\(\${ENC::[^"]*}\)".*/\1/p' "$work/output")
        [ -n "$encrypted" ] || fail "WildFly could not encrypt $3"
        property "$1" "$2" "$encrypted"
    fi
}

# $1 pool, $2 beginning of its variables
transport() {
    secret "$1" apiKey "$2_API_KEY"
    plain "$1" trustStoreFile "$2_TRUST_STORE"
    secret "$1" trustStorePassword "$2_TRUST_STORE_PASSWORD"
    plain "$1" keyStoreFile "$2_KEY_STORE"
    secret "$1" keyStorePassword "$2_KEY_STORE_PASSWORD"
}

# What decrypts expressions: the output has it after this.
read_resolvers() {
    command_line "if (outcome == success) of $encryption:read-resource"
    command_line "    $encryption:read-attribute(name=resolvers)"
    command_line end-if
    run
}

has_resolver() { grep -q '"name" => "genai"' "$work/output"; }

# $1 kind, $2 pool, $3 class of the managed connection factory
pool() {
    path="$adapter/connection-definitions=$2"
    read_pool "$2"
    unless "$path:read-resource" "$path:add(class-name=$3,jndi-name=java:/eis/genai/$2,enabled=true)"
    sed -n "s/^$1 \([a-z-]*\) \(.*\)/\1 \2/p" "$here/pools.txt" >"$work/attributes"
    while read -r attribute value; do
        case $attribute in
            property) property "$2" "${value%% *}" "${value#* }" ;;
            *) pool_attribute "$2" "$attribute" "$value" ;;
        esac
    done <"$work/attributes"
    property "$2" poolName "genai/$2"
}

# $1 pool
change_provider() {
    before=$(sed -n 's/^provider="\(.*\)"$/\1/p' "$work/properties")
    if [ -z "${LLM_PROVIDER:-}" ] || [ -z "$before" ] || [ "$before" = "$LLM_PROVIDER" ]; then return; fi
    for each_property in apiKey apiKeyFile serverUrl model; do no_property "$1" $each_property; done
}

reload_if_needed() {
    if [ -s "$work/later" ]; then
        command_line reload
        return
    fi
    command_line "if (result == reload-required) of :read-attribute(name=server-state)"
    command_line "    reload"
    command_line "end-if"
}

action=configure
redeploy=false
case ${1:-} in
    '') ;;
    --redeploy) redeploy=true ;;
    --remove) action=remove ;;
    *) fail "the options are --redeploy and --remove, not $1" ;;
esac
case ${GENAI_NAME:-} in *[!A-Za-z0-9_-]*) fail "GENAI_NAME may have letters, digits, _ and -, not \"$GENAI_NAME\"" ;; esac
case $keys in encrypted | environment) ;; *) fail "GENAI_KEYS may be encrypted or environment, not \"$keys\"" ;; esac
for kind in $wanted; do
    case $kind in comfyui | llm) ;; *) fail "GENAI_POOLS may name comfyui and llm, not \"$kind\"" ;; esac
done
check_provider
check_address COMFYUI_URL
check_address LLM_URL
command -v "$cli" >/dev/null || fail "$cli is missing: name the jboss-cli.sh of WildFly with JBOSS_CLI"
[ $action != configure ] || [ -f "$rar" ] || fail "$rar is missing: build it (./mvnw package), or name it with GENAI_RAR"
: >"$work/commands"
: >"$work/later"

store=/subsystem=elytron/secret-key-credential-store=genai
encryption=/subsystem=elytron/expression=encryption
resolver='{name=genai,credential-store=genai,secret-key=key}'

if [ $action = remove ]; then
    if [ -n "$name" ]; then
        for kind in $wanted; do
            path="$adapter/connection-definitions=$kind$name"
            command_line "if (outcome == success) of $path:read-resource"
            command_line "    $path:remove"
            command_line end-if
        done
    else
        command_line "if (outcome == success) of /deployment=$deployment:read-resource"
        command_line "    undeploy $deployment"
        command_line end-if
        command_line "if (outcome == success) of $adapter:read-resource"
        command_line "    $adapter:remove"
        command_line end-if
        command_line "if (result == genai-connector) of /subsystem=ejb3:read-attribute(name=default-resource-adapter-name)"
        command_line "    /subsystem=ejb3:undefine-attribute(name=default-resource-adapter-name)"
        command_line end-if
        read_resolvers
        if [ "$(grep -c '"name" => ' "$work/output")" = 1 ] && has_resolver; then
            command_line "$encryption:remove"
        elif has_resolver; then
            command_line "$encryption:list-remove(name=resolvers,value=$resolver)"
        fi
        command_line "if (outcome == success) of $store:read-resource"
        command_line "    $store:remove"
        command_line end-if
    fi
    reload_if_needed
    run
    echo 'GenAI connector: removed.'
    exit
fi

# 1. What is missing. The entry comes before the adapter, which is then active at once.
unless "$adapter:read-resource" "$adapter:add(archive=$deployment,transaction-support=LocalTransaction)"
attribute "$adapter" statistics-enabled true
# without a default no message-driven bean can be deployed on standalone.xml; beans name this one in jboss-ejb3.xml
command_line "if (result == undefined) of /subsystem=ejb3:read-attribute(name=default-resource-adapter-name)"
command_line "    /subsystem=ejb3:write-attribute(name=default-resource-adapter-name,value=genai-connector)"
command_line end-if
if [ $keys = encrypted ]; then
    unless "$store:read-resource" "$store:add(path=genai.cs,relative-to=jboss.server.config.dir,create=true,populate=true)"
    unless "$encryption:read-resource" "$encryption:add(resolvers=[$resolver])"
    read_resolvers
    if ! has_resolver; then
        command_line "$encryption:list-add(name=resolvers,value=$resolver)"
        run
    fi
fi

# 2. What differs. The address comes first, so that no new key is sent to an old address.
for kind in $wanted; do
    each=$kind$name
    case $kind in
        comfyui)
            pool comfyui "$each" org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory
            plain "$each" serverUrl COMFYUI_URL
            transport "$each" COMFYUI
            ;;
        llm)
            pool llm "$each" org.genaiconnector.ra.llm.LlmManagedConnectionFactory
            change_provider "$each"
            plain "$each" provider LLM_PROVIDER
            plain "$each" serverUrl LLM_URL
            plain "$each" model LLM_MODEL
            transport "$each" LLM
            ;;
    esac
done
run
if [ $redeploy = true ]; then
    command_line "deploy --force $(quoted "$rar")"
else
    unless "/deployment=$deployment:read-resource" "deploy --name=$deployment $(quoted "$rar")"
fi
reload_if_needed
run
while read -r _ _ _ _ each attribute value; do
    read_pool "$each"
    grep -qxF -e "$attribute=$value" "$work/current" || fail "WildFly does not take $attribute $value of the pool $each (pools.txt)"
done <"$work/later"

# 3. Does it work? Of pools that take the credentials of callers IronJacamar cannot tell (PoolByCri.testConnection only throws).
tested=
for kind in $wanted; do
    if ! grep -q "^$kind security-application true" "$here/pools.txt"; then
        command_line "$adapter/connection-definitions=$kind$name:test-connection-in-pool"
        tested="$tested $kind$name"
    fi
done
hint='; the log of WildFly has the reason (IJ000604)'
run
echo "GenAI connector: configured; tested:${tested:- none}; of other pools the first call shows whether the backend answers."
