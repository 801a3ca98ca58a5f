// Verifies a signed envelope with nothing but .NET (8 or newer). In a project of its own:
//
//   dotnet run -- ENVELOPE JWKS [BODY]
//
// ENVELOPE holds the envelope, compact or flattened: the answer's body, or the value of its header X-Evidence-JWS, in
// which case BODY holds the answer's body. JWKS is the provider's key set. Prints the statement and exits with 0, or
// prints why not and exits with 1. What it prints still has to be compared with your own request: see the first lines.
// .NET has no Ed25519: an envelope with it is refused here.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

try
{
    using var keySet = Envelope.ReadJson(File.ReadAllBytes(args[1]));
    var body = args.Length > 2 ? File.ReadAllBytes(args[2]) : null;
    using var statement = Envelope.Verify(File.ReadAllBytes(args[0]), keySet.RootElement, body);
    // Compare with what you know of your own call: iss and svc are the provider and the service that you called, aud is
    // your X-Road-Client, txn the X-Road-Request-Id of the answer, req the request that you sent.
    foreach (var claim in new[] { "iss", "aud", "svc", "iat", "txn", "req", "res" })
        Console.WriteLine($"{claim}: {statement.RootElement.GetProperty(claim)}");
    return 0;
}
catch (Exception refused) when (refused is RefusedException or JsonException or CryptographicException
    or KeyNotFoundException or InvalidOperationException or FormatException or DecoderFallbackException)
{
    Console.Error.WriteLine($"Refused: {refused.Message}");
    return 1;
}

sealed class RefusedException(string message) : Exception(message);

static class Envelope
{
    /// <summary>Nothing else is taken: crit, b64, jwk, jku, x5u and zip have all been attacks.</summary>
    static readonly HashSet<string> HeaderMembers = ["alg", "typ", "cty", "kid", "iat", "x5t#S256", "x5c"];
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The statement of a verified envelope; its "data" is the answer.</summary>
    public static JsonDocument Verify(byte[] envelope, JsonElement keySet, byte[]? body)
    {
        var parts = Split(StrictUtf8.GetString(envelope).Trim());
        using var headerDocument = ReadJson(DecodeBase64Url(parts[0]));
        var header = headerDocument.RootElement;
        Require(header.EnumerateObject().All(member => HeaderMembers.Contains(member.Name)), "header parameter not taken");
        Require(Text(header, "typ") == "xroad-evidence+jwt", "the type is not xroad-evidence+jwt");
        var jwk = FindKey(keySet, Text(header, "kid"), header.GetProperty("iat").GetInt64());
        Require(Text(header, "alg") == Text(jwk, "alg"), "the key is not for the algorithm of the header");
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Require(Holds(jwk, signed, DecodeBase64Url(parts[2])), "the signature is not that of the key");
        var statement = ReadJson(DecodeBase64Url(parts[1]));
        Require(statement.RootElement.GetProperty("iat").GetInt64() == header.GetProperty("iat").GetInt64(), "iat differs");
        RequireBody(statement.RootElement, body);
        return statement;
    }

    static string[] Split(string text)
    {
        if (!text.StartsWith('{'))
        {
            var parts = text.Split('.');
            Require(parts.Length == 3, "the envelope has not three parts");
            return parts;
        }
        using var jws = ReadJson(StrictUtf8.GetBytes(text));
        var taken = new[] { "protected", "payload", "signature", "header" };
        Require(jws.RootElement.EnumerateObject().All(member => taken.Contains(member.Name)), "extra member");
        var unprotected = jws.RootElement.TryGetProperty("header", out var header) ? header.EnumerateObject() : default;
        Require(unprotected.All(member => member.Name == "etsiU"), "the unprotected header is not taken");
        return [Text(jws.RootElement, "protected"), Text(jws.RootElement, "payload"), Text(jws.RootElement, "signature")];
    }

    static JsonElement FindKey(JsonElement keySet, string kid, long time)
    {
        var keys = keySet.GetProperty("keys").EnumerateArray()
            .Where(key => key.TryGetProperty("kid", out var value) && value.ValueEquals(kid)).ToList();
        Require(keys.Count == 1, "the key is not in the key set, or more than once");
        var jwk = keys[0];
        Require(!jwk.TryGetProperty("nbf", out var nbf) || nbf.GetInt64() <= time, "the key was not in use yet");
        Require(!jwk.TryGetProperty("exp", out var exp) || time < exp.GetInt64(), "the key was retired");
        if (jwk.TryGetProperty("revoked", out var revoked))
        {
            // Whoever has a leaked key can write any time.
            var leaked = revoked.TryGetProperty("reason", out var reason)
                && reason.ToString().Contains("compromise", StringComparison.OrdinalIgnoreCase);
            Require(!leaked && time < revoked.GetProperty("revoked_at").GetInt64(), "the key was revoked");
        }
        return jwk;
    }

    static bool Holds(JsonElement jwk, byte[] signed, byte[] signature) => Text(jwk, "alg") switch
    {
        // ECDsa takes r||s by default, as JOSE has it.
        "ES256" => Ec(jwk, ECCurve.NamedCurves.nistP256).VerifyData(signed, signature, HashAlgorithmName.SHA256),
        "ES384" => Ec(jwk, ECCurve.NamedCurves.nistP384).VerifyData(signed, signature, HashAlgorithmName.SHA384),
        "RS256" => Rsa(jwk).VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "PS256" => Rsa(jwk).VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        var alg => throw new RefusedException($"the algorithm is not taken: {alg}"),
    };

    static ECDsa Ec(JsonElement jwk, ECCurve curve)
    {
        var point = new ECPoint { X = DecodeBase64Url(Text(jwk, "x")), Y = DecodeBase64Url(Text(jwk, "y")) };
        return ECDsa.Create(new ECParameters { Curve = curve, Q = point });
    }

    static RSA Rsa(JsonElement jwk)
    {
        var parameters = new RSAParameters { Modulus = DecodeBase64Url(Text(jwk, "n")), Exponent = DecodeBase64Url(Text(jwk, "e")) };
        Require(parameters.Modulus.Length >= 256, "the key is too short");
        return RSA.Create(parameters);
    }

    /// <summary>Exactly one of data, data_b64 and res.digest; a body beside the envelope only with the last.</summary>
    static void RequireBody(JsonElement statement, byte[]? body)
    {
        var digested = statement.GetProperty("res").TryGetProperty("digest", out var digest);
        var stated = new[] { statement.TryGetProperty("data", out _), statement.TryGetProperty("data_b64", out _), digested };
        Require(stated.Count(present => present) == 1, "the body is not stated exactly once");
        Require(digested == (body is not null), "the body is beside the envelope and inside, or nowhere");
        if (body is null) return;
        var found = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";
        Require(digest.ValueEquals(found), "the body is not the one that was signed");
    }

    /// <summary>Encoding again finds padding and stray bits, which the decoder takes.</summary>
    static byte[] DecodeBase64Url(string text)
    {
        var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = Convert.FromBase64String(padded);
        var again = Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Require(again == text, "base64url not canonical");
        return bytes;
    }

    /// <summary>Refuses a member that stands twice: what one reader checks, another would not use.</summary>
    public static JsonDocument ReadJson(byte[] encoded)
    {
        var document = JsonDocument.Parse(StrictUtf8.GetString(encoded));
        RequireUniqueMembers(document.RootElement);
        return document;
    }

    static void RequireUniqueMembers(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) RequireUniqueMembers(item);
        if (value.ValueKind != JsonValueKind.Object) return;
        var names = new HashSet<string>();
        foreach (var member in value.EnumerateObject())
        {
            Require(names.Add(member.Name), $"JSON has the member {member.Name} twice");
            RequireUniqueMembers(member.Value);
        }
    }

    static string Text(JsonElement value, string name) =>
        value.GetProperty(name).GetString() ?? throw new RefusedException($"{name} is no text");

    static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new RefusedException(otherwise);
    }
}
