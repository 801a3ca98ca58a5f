#!/bin/sh
# Signs a security server's internal TLS certificate request with an authority made for this one certificate, whose key
# is thrown away: whoever trusts the authority trusts exactly this certificate.
#
#   certify-security-server.sh REQUEST FOLDER [NAMES]
#
# REQUEST comes from the security server: Keys and certificates, Security Server TLS key, Generate CSR. Then
# FOLDER/internal.pem is imported there, and FOLDER/SPEAN_TLS_CLIENT_CERTIFICATES goes into the adapter's secrets folder.
# NAMES are for information systems that check the security server's name: DNS:ss.agency.example,IP:10.0.0.5
set -eu
umask 077

DAYS=3650

[ $# -eq 2 ] || [ $# -eq 3 ] || {
  echo 'usage: certify-security-server.sh REQUEST FOLDER [NAMES]' >&2
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
if [ $# -eq 3 ]; then echo "subjectAltName=$3" >> "$work/extensions.cnf"; fi

# Saved as PEM or as DER, and signed by the key that it is for.
for form in PEM DER; do
  openssl req -verify -inform "$form" -in "$request" -out "$work/request.pem" > /dev/null 2>&1 && break
done
[ -s "$work/request.pem" ] || {
  echo "certify-security-server.sh: $request is no certificate request that its own key signed" >&2
  exit 65
}
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days "$DAYS" -config "$work/extensions.cnf" -extensions authority \
  -subj "/CN=One security server, $(date -u +%Y-%m-%dT%H:%M:%SZ)" -keyout "$work/authority.key" -out "$work/authority.pem" 2> /dev/null
openssl x509 -req -sha256 -days "$DAYS" -in "$work/request.pem" -CA "$work/authority.pem" -CAkey "$work/authority.key" \
  -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/extensions.cnf" -extensions leaf -out "$folder/internal.pem" 2> /dev/null
cat "$folder/internal.pem" "$work/authority.pem" > "$folder/SPEAN_TLS_CLIENT_CERTIFICATES"
echo "$folder/internal.pem goes into the security server, $folder/SPEAN_TLS_CLIENT_CERTIFICATES into the secrets folder"
