#!/bin/sh
# Signs a security server's internal TLS certificate request with an authority made for this one certificate, whose key
# is thrown away: whoever trusts the authority trusts exactly this certificate, for ever.
#
#   certify-security-server.sh REQUEST.pem FOLDER
#
# FOLDER/internal.pem            import it into the security server (internal TLS certificate)
# FOLDER/SPEAN_TLS_CLIENT_CERTIFICATES   put it into the adapter's secrets folder
set -eu
umask 077

DAYS=3650

[ $# -eq 2 ] || {
  echo 'usage: certify-security-server.sh REQUEST.pem FOLDER' >&2
  exit 64
}
request=$1
folder=$2
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/extensions.cnf" <<'EXTENSIONS'
[req]
distinguished_name=name
[name]
[authority]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=clientAuth,serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
EXTENSIONS

openssl req -verify -noout -in "$request" > /dev/null 2>&1 || {
  echo "certify-security-server.sh: $request is no certificate request in PEM that its own key signed" >&2
  exit 65
}
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days "$DAYS" -config "$work/extensions.cnf" -extensions authority \
  -subj "/CN=One security server, $(date -u +%Y-%m-%dT%H:%M:%SZ)" -keyout "$work/authority.key" -out "$work/authority.pem" 2> /dev/null
openssl x509 -req -sha256 -days "$DAYS" -in "$request" -CA "$work/authority.pem" -CAkey "$work/authority.key" \
  -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/extensions.cnf" -extensions leaf -out "$folder/internal.pem" 2> /dev/null
cat "$folder/internal.pem" "$work/authority.pem" > "$folder/SPEAN_TLS_CLIENT_CERTIFICATES"
echo "$folder/internal.pem goes into the security server, $folder/SPEAN_TLS_CLIENT_CERTIFICATES into the secrets folder"
