using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Idempotency;

/// <summary>
/// What makes two requests the same: method, path and parameters, as a keyed hash. There are names of people among them, so nobody who has
/// the database alone can try which they are.
/// </summary>
internal sealed class RequestPrints(byte[] secret, IOptions<JsonOptions> json)
{
    private const int Bytes = 16;

    // It proves who asks, and says nothing of what is asked: no hash of it is stored, and a repeat may come with a factor.
    private const string Password = "password";

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/idempotency/requests/v1"u8);

    /// <summary>That of a request whose parameters are bound.</summary>
    public string Of(EndpointFilterInvocationContext context)
    {
        var request = context.HttpContext.Request;
        var body = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var sent = body is null ? null : context.Arguments.FirstOrDefault(body.IsInstanceOfType);
        var asked = new JsonArray(
            request.Method, request.Path.Value, request.QueryString.Value,
            sent is null ? null : Sorted(JsonSerializer.SerializeToNode(sent, body!, json.Value.SerializerOptions), isTop: true));
        return HashOf(asked.ToJsonString());
    }

    /// <summary>Whose the keys of a user are: nothing that names him, for they are there for a day after he is erased.</summary>
    public string ScopeOf(UserId user) => $"user/{HashOf(user.Value)}";

    private string HashOf(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));

    // The order in which the fields of an object are written says nothing.
    private static JsonNode? Sorted(JsonNode? node, bool isTop = false) => node switch
    {
        JsonObject fields => new JsonObject(fields
            .Where(field => !isTop || field.Key != Password)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Sorted(item))]),
        _ => node?.DeepClone(),
    };
}
