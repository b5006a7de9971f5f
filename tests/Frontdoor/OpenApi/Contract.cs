using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>
/// The API's description as something to hold requests and answers to. An answer's field that the description does not name is a
/// violation, too; a request's is not, because unknown ones are passed over.
/// </summary>
internal sealed class Contract
{
    private const string Json = "application/json";
    private const string Components = "#/components/schemas/";

    private static readonly EvaluationOptions Evaluation = new() { OutputFormat = OutputFormat.List };

    private readonly JsonObject _document;
    private readonly JsonObject _closed;
    private readonly (string Method, string[] Path, string Endpoint)[] _operations;
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    public Contract(string document)
    {
        _document = JsonNode.Parse(document.Replace(Components, "#/$defs/", StringComparison.Ordinal))!.AsObject();
        _closed = _document.DeepClone().AsObject();
        Close(_closed);
        _operations = [.. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation =>
            (operation.Key.ToUpperInvariant(), path.Key.Split('/'), $"{operation.Key.ToUpperInvariant()} {path.Key}")))];
    }

    /// <summary>The operations by their method and path.</summary>
    public IEnumerable<string> Endpoints => _operations.Select(operation => operation.Endpoint);

    /// <summary>What the description says of an operation.</summary>
    public JsonObject Operation(string endpoint) => Operation(_document, endpoint);

    /// <summary>The operation that a request is one of; null where the description has none.</summary>
    public string? Find(string method, string path)
    {
        var segments = path.Split('/');
        return _operations
            .Where(operation => operation.Method == method && operation.Path.Length == segments.Length
                && operation.Path.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second))
            // A word that is written out comes before one that stands for any.
            .OrderBy(operation => operation.Path.Count(part => part.StartsWith('{')))
            .Select(operation => operation.Endpoint).FirstOrDefault();
    }

    /// <summary>How a request's body that was taken differs from the description.</summary>
    public IEnumerable<string> OfRequest(string endpoint, JsonElement body) =>
        Operation(endpoint)["requestBody"]?["content"]?[Json]?["schema"] is { } schema
            ? Check($"{endpoint} request", _document, schema, body)
            : [$"{endpoint}: takes a body that the description does not have"];

    /// <summary>How an answer differs from the description.</summary>
    public IEnumerable<string> OfAnswer(string endpoint, int status, string? contentType, byte[] body)
    {
        var responses = Operation(_closed, endpoint)["responses"]!.AsObject();
        if ((responses[$"{status}"] ?? (status >= 400 ? responses["default"] : null)) is not JsonObject response)
        {
            return [$"{endpoint}: answers {status}, which the description does not have"];
        }

        if (body.Length == 0)
        {
            return response["content"] is JsonObject { Count: > 0 } && status != 304
                ? [$"{endpoint} {status}: nothing was answered, where the description has a content"]
                : [];
        }

        if (contentType is null || response["content"]?[contentType] is not JsonObject media)
        {
            return [$"{endpoint} {status}: answers {contentType}, which the description does not have"];
        }

        return contentType == Json && media["schema"] is { } schema
            ? Check($"{endpoint} {status}", _closed, schema, JsonDocument.Parse(body).RootElement)
            : [];
    }

    private static JsonObject Operation(JsonObject document, string endpoint)
    {
        var parts = endpoint.Split(' ');
        return document["paths"]![parts[1]]![parts[0].ToLowerInvariant()]!.AsObject();
    }

    private IEnumerable<string> Check(string what, JsonObject document, JsonNode schema, JsonElement value)
    {
        var built = _schemas.GetOrAdd(what, _ =>
        {
            var whole = schema.DeepClone().AsObject();
            whole["$defs"] = document["components"]!["schemas"]!.DeepClone();
            return JsonSchema.FromText(whole.ToJsonString());
        });
        var result = built.Evaluate(value, Evaluation);
        return result.IsValid
            ? []
            : (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
                .SelectMany(detail => detail.Errors!.Select(error => $"{what} {detail.InstanceLocation}: {error.Key} {error.Value}"))
                .DefaultIfEmpty($"{what}: is not as described");
    }

    // What names its fields has no others.
    private static void Close(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject one:
                foreach (var child in one.ToArray())
                {
                    Close(child.Value);
                }

                if (one["properties"] is JsonObject && !one.ContainsKey("additionalProperties") && one["type"] is not null)
                {
                    one["additionalProperties"] = false;
                }

                break;
            case JsonArray list:
                foreach (var child in list)
                {
                    Close(child);
                }

                break;
        }
    }
}
