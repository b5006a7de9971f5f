using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

[Collection<WireCollection>]
public sealed class AccessTokenTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_token_is_a_JWT_that_the_published_key_verifies()
    {
        var api = await host.SignUpAsync();
        var (header, payload, _) = Take(api.AccessToken!);
        header["alg"]!.GetValue<string>().ShouldBe("RS256");
        header["typ"]!.GetValue<string>().ShouldBe("at+jwt");
        payload["iss"]!.GetValue<string>().ShouldBe("stellarpay");
        payload["aud"]!.GetValue<string>().ShouldBe("stellarpay-api");
        payload["sub"]!.GetValue<string>().ShouldBe(api.UserId);
        var issued = host.Clock.GetUtcNow().ToUnixTimeSeconds();
        payload["iat"]!.GetValue<long>().ShouldBe(issued);
        payload["nbf"]!.GetValue<long>().ShouldBe(issued);
        payload["exp"]!.GetValue<long>().ShouldBe(issued + 3600);
        payload["jti"]!.GetValue<string>().Length.ShouldBe(22);

        var published = (await host.Anonymous().GetAsync("/.well-known/jwks.json")).ShouldBeOk().Body.GetProperty("keys")
            .EnumerateArray().Single(key => key.GetProperty("kid").GetString() == header["kid"]!.GetValue<string>());
        published.EnumerateObject().Select(field => field.Name).ShouldBe(["kty", "use", "alg", "kid", "n", "e"]);
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(published.GetProperty("n").GetString()),
            Exponent = Base64Url.DecodeFromChars(published.GetProperty("e").GetString()),
        });
        var parts = api.AccessToken!.Split('.');
        rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    public static TheoryData<string> Forgeries => new(
        "unsigned", "alg none", "alg None with signature", "HS256 under the public key", "RS384", "no kid", "unknown kid", "kid of a path",
        "other key", "payload changed", "signature cut", "signature empty", "signature of zeros", "other type", "critical header",
        "issuer", "no issuer", "audience", "audience list", "subject", "no subject", "no session", "not before", "issued in the future",
        "no expiry", "expiry text", "expiry huge", "expiry fraction", "duplicate claim", "payload no object", "header no JSON",
        "four parts", "padding", "empty", "dots", "spaces inside", "very long");

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_that_we_did_not_sign_for_ourselves_is_refused(string how)
    {
        var api = await host.SignUpAsync();
        api.AccessToken = await ForgeAsync(how, api.AccessToken!);

        var answer = await api.GetAsync("/v1/wallet");

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "token_invalid");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
    }

    [Fact]
    public async Task The_forgeries_fail_for_what_they_change_only()
    {
        // Signed again by our key with nothing changed, a token is accepted: so the key above is the right one.
        var api = await host.SignUpAsync();
        var (header, payload, _) = Take(api.AccessToken!);
        api.AccessToken = await SignAsync(header, payload);

        (await api.GetAsync("/v1/wallet")).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_has_one_text_whatever_bits_its_last_character_has_to_spare()
    {
        var api = await host.SignUpAsync();
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        api.AccessToken = api.AccessToken![..^1] + Alphabet[Alphabet.IndexOf(api.AccessToken![^1]) + 1];

        (await api.GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Fact]
    public async Task A_token_ends_after_an_hour_and_a_little_for_clocks_that_differ()
    {
        var api = await host.SignUpAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(3629));
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await api.GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.Unauthorized, "token_expired");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("Bearer")]
    public async Task Without_a_token_nobody_comes_in(string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wallet");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        var answer = await host.Anonymous().SendAsync(request);

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_token_in_the_query_is_taken_by_the_hub_only()
    {
        var api = await host.SignUpAsync();

        (await host.Anonymous().GetAsync($"/v1/wallet?access_token={api.AccessToken}"))
            .ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        (await host.Anonymous().PostAsync($"/hubs/live/negotiate?negotiateVersion=1&access_token={api.AccessToken}")).ShouldBeOk();
    }

    private async Task<string> ForgeAsync(string how, string token)
    {
        var (header, payload, parts) = Take(token);
        switch (how)
        {
            case "unsigned": return $"{parts[0]}.{parts[1]}";
            case "alg none": header["alg"] = "none"; return $"{Encode(header)}.{Encode(payload)}.";
            case "alg None with signature": header["alg"] = "None"; return await SignAsync(header, payload);
            case "HS256 under the public key": header["alg"] = "HS256"; return await MacAsync(header, payload);
            case "RS384": header["alg"] = "RS384"; return await SignAsync(header, payload);
            case "no kid": header.Remove("kid"); return await SignAsync(header, payload);
            case "unknown kid": header["kid"] = "key_20260301_000000000000"; return await SignAsync(header, payload);
            case "kid of a path": header["kid"] = "../../etc/passwd' OR 1=1--"; return await SignAsync(header, payload);
            case "other key": return await SignAsync(header, payload, RSA.Create(2048));
            case "payload changed": payload["sub"] = "usr_000000000000000000000000"; return $"{parts[0]}.{Encode(payload)}.{parts[2]}";
            case "signature cut": return token[..^4];
            case "signature empty": return $"{parts[0]}.{parts[1]}.";
            case "signature of zeros": return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[256])}";
            case "other type": header["typ"] = "JWT"; return await SignAsync(header, payload);
            case "critical header": header["crit"] = new JsonArray("b64"); return await SignAsync(header, payload);
            case "header no JSON": return $"{Base64Url.EncodeToString("{"u8)}.{parts[1]}.{parts[2]}";
            case "four parts": return $"{token}.{parts[2]}";
            case "padding": return $"{token}==";
            case "empty": return "..";
            case "dots": return new string('.', 3000);
            case "spaces inside": return token.Insert(10, " ");
            case "very long": return token + new string('A', 20_000);
            default: Change(how, payload); return await SignTextAsync(header, how == "duplicate claim" ? Twice(payload) : TextOf(how, payload));
        }
    }

    private static void Change(string how, JsonObject payload)
    {
        var later = payload["exp"]!.GetValue<long>();
        switch (how)
        {
            case "issuer": payload["iss"] = "someone-else"; break;
            case "no issuer": payload.Remove("iss"); break;
            case "audience": payload["aud"] = "another-api"; break;
            case "audience list": payload["aud"] = new JsonArray("stellarpay-api", "another-api"); break;
            case "subject": payload["sub"] = "wal_000000000000000000000000"; break;
            case "no subject": payload.Remove("sub"); break;
            case "no session": payload.Remove("sid"); break;
            case "not before": payload["nbf"] = later - 3000; break;
            case "issued in the future": payload["iat"] = later - 3000; break;
            case "no expiry": payload.Remove("exp"); break;
            case "expiry text": payload["exp"] = "9999999999"; break;
            case "expiry huge": payload["exp"] = long.MaxValue; break;
            case "expiry fraction": payload["exp"] = later + 0.5; break;
            case "duplicate claim" or "payload no object": break;
            default: throw new ArgumentOutOfRangeException(nameof(how), how, "There is no such forgery.");
        }
    }

    private static string TextOf(string how, JsonObject payload) => how == "payload no object" ? $"[{payload.ToJsonString()}]" : payload.ToJsonString();

    private static string Twice(JsonObject payload) =>
        payload.ToJsonString().Insert(1, "\"sub\":\"usr_000000000000000000000000\",");

    private static (JsonObject Header, JsonObject Payload, string[] Parts) Take(string token)
    {
        var parts = token.Split('.');
        return (Read(parts[0]), Read(parts[1]), parts);
    }

    private Task<string> SignAsync(JsonObject header, JsonObject payload, RSA? key = null) =>
        SignTextAsync(header, payload.ToJsonString(), key);

    private async Task<string> SignTextAsync(JsonObject header, string payload, RSA? key = null)
    {
        var text = $"{Encode(header)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        key ??= (await OwnKeyAsync()).Rsa;
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private async Task<string> MacAsync(JsonObject header, JsonObject payload)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        var publicKey = Encoding.ASCII.GetBytes((await OwnKeyAsync()).Rsa.ExportSubjectPublicKeyInfoPem());
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(text)))}";
    }

    private Task<SigningKey> OwnKeyAsync() =>
        host.Services.GetRequiredService<SigningKeyRing>().GetSigningKeyAsync(TestContext.Current.CancellationToken);

    private static JsonObject Read(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
