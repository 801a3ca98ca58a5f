// Verifies a signed envelope with nothing but the JDK (17 or newer):
//
//   java VerifyEnvelope.java ENVELOPE JWKS [BODY]
//
// ENVELOPE holds the envelope, compact or flattened: the answer's body, or the value of its header X-Evidence-JWS, in
// which case BODY holds the answer's body. JWKS is the provider's key set. Prints the statement and exits with 0, or
// prints why not and exits with 1. What it prints still has to be compared with your own request: see main.

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

public final class VerifyEnvelope {
    /** Nothing else is taken: crit, b64, jwk, jku, x5u and zip have all been attacks. */
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "cty", "kid", "iat", "x5t#S256", "x5c");

    public static void main(String[] arguments) throws IOException {
        try {
            Map<String, Object> keySet = object(Json.read(Files.readAllBytes(Path.of(arguments[1]))));
            byte[] body = arguments.length > 2 ? Files.readAllBytes(Path.of(arguments[2])) : null;
            Map<String, Object> statement = verify(Files.readAllBytes(Path.of(arguments[0])), keySet, body);
            // Compare with what you know of your own call: iss and svc are the provider and the service that you called,
            // aud is your X-Road-Client, txn the X-Road-Request-Id of the answer, req the request that you sent.
            for (String claim : List.of("iss", "aud", "svc", "iat", "txn", "req", "res")) {
                System.out.println(claim + ": " + statement.get(claim));
            }
        } catch (RefusedException | GeneralSecurityException refused) {
            System.err.println("Refused: " + refused.getMessage());
            System.exit(1);
        }
    }

    /** The statement of a verified envelope; its "data" is the answer. body is null where none came beside the envelope. */
    static Map<String, Object> verify(byte[] envelope, Map<String, Object> keySet, byte[] body)
            throws GeneralSecurityException {
        String[] parts = split(Json.decodeUtf8(envelope).strip());
        Map<String, Object> header = object(Json.read(decodeBase64url(parts[0])));
        require(HEADER_MEMBERS.containsAll(header.keySet()), "the header has a parameter that is not taken");
        require("xroad-evidence+jwt".equals(header.get("typ")), "the type is not xroad-evidence+jwt");
        Map<String, Object> jwk = findKey(keySet, header);
        require(holds(parts, jwk, String.valueOf(header.get("alg"))), "the signature is not that of the key");
        Map<String, Object> statement = object(Json.read(decodeBase64url(parts[1])));
        require(statement.get("iat") != null && statement.get("iat").equals(header.get("iat")), "iat differs");
        requireBody(statement, body);
        return statement;
    }

    private static String[] split(String text) {
        if (!text.startsWith("{")) {
            String[] parts = text.split("\\.", -1);
            require(parts.length == 3, "the envelope has not three parts");
            return parts;
        }
        Map<String, Object> jws = object(Json.read(text.getBytes(StandardCharsets.UTF_8)));
        require(Set.of("protected", "payload", "signature", "header").containsAll(jws.keySet()), "extra member");
        Object unprotected = jws.getOrDefault("header", Map.of());
        require(Set.of("etsiU").containsAll(object(unprotected).keySet()), "the unprotected header is not taken");
        return new String[] {text(jws, "protected"), text(jws, "payload"), text(jws, "signature")};
    }

    private static Map<String, Object> findKey(Map<String, Object> keySet, Map<String, Object> header) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Object key : (List<?>) keySet.get("keys")) {
            if (text(header, "kid").equals(object(key).get("kid"))) found.add(object(key));
        }
        require(found.size() == 1, "the key is not in the key set, or more than once");
        Map<String, Object> jwk = found.get(0);
        BigInteger time = integer(header, "iat");
        require(!jwk.containsKey("nbf") || time.compareTo(integer(jwk, "nbf")) >= 0, "the key was not in use yet");
        require(!jwk.containsKey("exp") || time.compareTo(integer(jwk, "exp")) < 0, "the key was retired");
        if (jwk.containsKey("revoked")) {
            Map<String, Object> revoked = object(jwk.get("revoked"));
            // Whoever has a leaked key can write any time.
            boolean leaked = String.valueOf(revoked.get("reason")).toLowerCase().contains("compromise");
            require(!leaked && time.compareTo(integer(revoked, "revoked_at")) < 0, "the key was revoked");
        }
        return jwk;
    }

    private static boolean holds(String[] parts, Map<String, Object> jwk, String alg) throws GeneralSecurityException {
        require(alg.equals(jwk.get("alg")), "the key is not for the algorithm of the header");
        Signature verifier = verifierFor(alg);
        PublicKey key = publicKey(jwk, alg);
        verifier.initVerify(key);
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        byte[] signature = decodeBase64url(parts[2]);
        int length = Map.of("ES256", 64, "ES384", 96, "Ed25519", 64).getOrDefault(alg, signature.length);
        if (signature.length != length || !verifier.verify(signature)) return false;
        return !(key instanceof ECKey) || isInRange(signature, ((ECKey) key).getParams().getOrder());
    }

    /** JDKs before 17.0.3 and 18.0.1 take zeros for a signature over anything (CVE-2022-21449). */
    private static boolean isInRange(byte[] signature, BigInteger order) {
        int half = signature.length / 2;
        BigInteger r = new BigInteger(1, signature, 0, half);
        BigInteger s = new BigInteger(1, signature, half, half);
        return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
    }

    private static Signature verifierFor(String alg) throws GeneralSecurityException {
        switch (alg) {
            case "ES256": return Signature.getInstance("SHA256withECDSAinP1363Format");
            case "ES384": return Signature.getInstance("SHA384withECDSAinP1363Format");
            case "Ed25519": return Signature.getInstance("Ed25519");
            case "RS256": return Signature.getInstance("SHA256withRSA");
            case "PS256":
                Signature verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                return verifier;
            default: throw new RefusedException("the algorithm is not taken: " + alg);
        }
    }

    private static PublicKey publicKey(Map<String, Object> jwk, String alg) throws GeneralSecurityException {
        if (alg.startsWith("ES")) {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec(alg.equals("ES256") ? "secp256r1" : "secp384r1"));
            ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
            ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters));
        }
        if (alg.equals("Ed25519")) {
            // RFC 8410, 4: the fixed beginning of its SubjectPublicKeyInfo.
            byte[] prefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
            byte[] info = ByteBuffer.allocate(44).put(prefix).put(decodeBase64url(text(jwk, "x"))).array();
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
        }
        RSAPublicKeySpec rsa = new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"));
        require(rsa.getModulus().bitLength() >= 2048, "the key is too short");
        return KeyFactory.getInstance("RSA").generatePublic(rsa);
    }

    /** Exactly one of data, data_b64 and res.digest; a body beside the envelope only with the last. */
    private static void requireBody(Map<String, Object> statement, byte[] body) throws GeneralSecurityException {
        Object digest = object(statement.get("res")).get("digest");
        int inside = (statement.containsKey("data") ? 1 : 0) + (statement.containsKey("data_b64") ? 1 : 0);
        require(inside + (digest == null ? 0 : 1) == 1, "the body is not stated exactly once");
        require((digest != null) == (body != null), "the body is beside the envelope and inside, or nowhere");
        if (body == null) return;
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(body);
        String found = "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
        require(found.equals(digest), "the body is not the one that was signed");
    }

    /** Encoding again finds padding and stray bits, which the JDK's decoder takes. */
    private static byte[] decodeBase64url(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            require(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text), "base64url not canonical");
            return bytes;
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException("base64url malformed");
        }
    }

    private static BigInteger number(Map<String, Object> jwk, String name) {
        return new BigInteger(1, decodeBase64url(text(jwk, name)));
    }

    private static BigInteger integer(Map<String, Object> object, String name) {
        require(object.get(name) instanceof BigInteger, name + " is no integer");
        return (BigInteger) object.get(name);
    }

    private static String text(Map<String, Object> object, String name) {
        require(object.get(name) instanceof String, name + " is no text");
        return (String) object.get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        require(value instanceof Map, "an object is expected");
        return (Map<String, Object>) value;
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) throw new RefusedException(otherwise);
    }

    static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message);
        }
    }

    /** Reads JSON and refuses a member that stands twice: what one reader checks, another would not use. */
    static final class Json {
        private static final int MAX_DEPTH = 64;
        private final String text;
        private int at;
        private int depth;

        private Json(String text) {
            this.text = text;
        }

        static Object read(byte[] bytes) {
            Json json = new Json(decodeUtf8(bytes));
            Object value = json.value();
            require(json.at == json.text.length(), "JSON goes on after its value");
            return value;
        }

        static String decodeUtf8(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException malformed) {
                throw new RefusedException("not UTF-8");
            }
        }

        private Object value() {
            skipSpace();
            Object value = bareValue();
            skipSpace();
            return value;
        }

        private Object bareValue() {
            require(at < text.length(), "JSON ends early");
            switch (text.charAt(at)) {
                case '{': return nested(true);
                case '[': return nested(false);
                case '"': return string();
                case 't': return word("true", Boolean.TRUE);
                case 'f': return word("false", Boolean.FALSE);
                case 'n': return word("null", null);
                default: return number();
            }
        }

        private Object nested(boolean isObject) {
            require(++depth <= MAX_DEPTH, "JSON nests too deep");
            at++;
            Object value = isObject ? members() : items();
            depth--;
            return value;
        }

        private Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            skipSpace();
            if (took('}')) return members;
            do {
                skipSpace();
                String name = string();
                require(!members.containsKey(name), "JSON has the member " + name + " twice");
                skipSpace();
                require(took(':'), "JSON has no colon");
                members.put(name, value());
            } while (took(','));
            require(took('}'), "JSON has an object without its end");
            return members;
        }

        private List<Object> items() {
            List<Object> items = new ArrayList<>();
            skipSpace();
            if (took(']')) return items;
            do items.add(value()); while (took(','));
            require(took(']'), "JSON has an array without its end");
            return items;
        }

        private String string() {
            require(took('"'), "JSON has no text where one is expected");
            StringBuilder string = new StringBuilder();
            while (!took('"')) {
                require(at < text.length() && text.charAt(at) >= ' ', "JSON has a text without its end");
                char next = text.charAt(at++);
                string.append(next == '\\' ? escaped() : next);
            }
            String value = string.toString();
            require(StandardCharsets.UTF_8.newEncoder().canEncode(value), "JSON has half a character");
            return value;
        }

        private char escaped() {
            require(at < text.length(), "JSON ends in an escape");
            char sign = text.charAt(at++);
            int known = "\"\\/bfnrt".indexOf(sign);
            if (known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
            String hex = text.substring(at, Math.min(at + 4, text.length()));
            require(sign == 'u' && hex.matches("[0-9a-fA-F]{4}"), "JSON has an unknown escape");
            at += 4;
            return (char) Integer.parseInt(hex, 16);
        }

        private Object number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
            String digits = text.substring(start, at);
            require(digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), "JSON has no value");
            return digits.matches("-?[0-9]+") ? new BigInteger(digits) : Double.valueOf(digits);
        }

        private Object word(String word, Object value) {
            require(text.startsWith(word, at), "JSON has no value");
            at += word.length();
            return value;
        }

        private void skipSpace() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) at++;
        }

        private boolean took(char sign) {
            if (at >= text.length() || text.charAt(at) != sign) return false;
            at++;
            return true;
        }
    }
}
