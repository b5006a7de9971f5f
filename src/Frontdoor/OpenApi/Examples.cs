using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>
/// Gives each operation of the API's description an example of its request and of its answer, from <c>examples.json</c>. They were
/// recorded from real requests, and the tests hold them to the description and to what is answered now.
/// </summary>
internal static class Examples
{
    private const string Json = "application/json";
    private const string Resource = "openapi/examples.json";

    private static readonly Lazy<JsonObject> All = new(Read);

    private static readonly JsonObject Refusal = new()
    {
        ["error"] = new JsonObject
        {
            ["type"] = "invalid_request_error",
            ["code"] = "amount_invalid",
            ["message"] = "amount must be a decimal number above zero with at most 7 decimal places, like \"12.50\".",
            ["param"] = "amount",
            ["request_id"] = "req_06eajh8a02zqss7gexdw7zngqr",
        },
    };

    public static Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var failure in operation.Responses?.Where(each => each.Key == "default") ?? [])
        {
            Set(failure.Value.Content, Refusal);
        }

        if (All.Value[$"{context.Description.HttpMethod} /{context.Description.RelativePath?.TrimEnd('/')}"] is not JsonObject example)
        {
            return Task.CompletedTask;
        }

        Set(operation.RequestBody?.Content, example["request"]);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Example ??= parameter.Name is null ? null : example["parameters"]?[parameter.Name]?.DeepClone();
        }

        if (example["status"]?.GetValue<int>() is { } status
            && operation.Responses is { } responses && responses.TryGetValue($"{status}", out var answer))
        {
            Set(answer.Content, example["response"]);
        }

        return Task.CompletedTask;
    }

    private static void Set(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        if (example is not null && content is not null && content.TryGetValue(Json, out var media))
        {
            media.Example = example.DeepClone();
        }
    }

    private static JsonObject Read()
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<JsonObject>(stream)!;
    }
}
