using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Versions;

namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>
/// The examples in the API's description are requests that are taken and answers that are given. Run with STELLARPAY_RECORD=1 this adds
/// those that are missing to src/Frontdoor/OpenApi/examples.json, from what is answered here; build again after that. What this small
/// world does not bring about (a deposit to decide, a halt to end) is written by hand, and held to the description.
/// </summary>
[Collection<EndpointAnswersCollection>]
public sealed class ExamplesTests(EndpointAnswers answers)
{
    private const string Json = "application/json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_operation_has_an_example_of_what_is_sent_and_of_what_is_answered()
    {
        if (Environment.GetEnvironmentVariable("STELLARPAY_RECORD") == "1")
        {
            await RecordAsync();
        }

        var contract = await ContractAsync();
        var missing = contract.Endpoints.SelectMany(endpoint => Missing(endpoint, contract.Operation(endpoint)));

        missing.ShouldBeEmpty("Run this with STELLARPAY_RECORD=1, or write the example into src/Frontdoor/OpenApi/examples.json.");
    }

    [Fact]
    public async Task Examples_are_as_the_description_says()
    {
        var contract = await ContractAsync();
        var differences = Written().SelectMany(each =>
        {
            var (endpoint, example) = (each.Key, each.Value!.AsObject());
            return (example["request"] is { } request ? contract.OfRequest(endpoint, Element(request)) : [])
                .Concat(example["response"] is { } response
                    ? contract.OfAnswer(endpoint, example["status"]!.GetValue<int>(), Json, Encoding.UTF8.GetBytes(response.ToJsonString()))
                    : []);
        });

        differences.ShouldBeEmpty();
    }

    [Fact]
    public void Examples_are_like_what_is_answered()
    {
        var written = Written();
        var compared = answers.All.Where(each => (int)each.Answer.Status < 300 && written[each.Endpoint]?["response"] is not null).ToArray();
        compared.Length.ShouldBeGreaterThan(40);

        // In both directions: nothing is missing in the example, and nothing in the answer.
        compared.SelectMany(each =>
            {
                var example = Element(written[each.Endpoint]!["response"]!);
                return AnswerShape.Broken(example, each.Answer.Body).Concat(AnswerShape.Broken(each.Answer.Body, example))
                    .Append(written[each.Endpoint]!["status"]!.GetValue<int>() == (int)each.Answer.Status ? "" : "another status")
                    .Where(difference => difference.Length > 0)
                    .Select(difference => $"{each.Endpoint}: {difference}");
            })
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> Missing(string endpoint, JsonObject operation)
    {
        if (operation["requestBody"]?["content"]?[Json] is JsonObject request && !request.ContainsKey("example"))
        {
            yield return $"{endpoint}: request";
        }

        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if (parameter!["in"]!.GetValue<string>() == "path" && parameter["example"] is null)
            {
                yield return $"{endpoint}: {parameter["name"]}";
            }
        }

        var answered = operation["responses"]!.AsObject()
            .Where(response => response.Key.StartsWith('2') && response.Value!["content"]?[Json] is not null)
            .Select(response => response.Value!["content"]![Json]!.AsObject())
            .ToArray();
        if (answered.Length > 0 && answered.All(media => !media.ContainsKey("example")))
        {
            yield return $"{endpoint}: answer";
        }
    }

    private async Task<Contract> ContractAsync() => new((await answers.Anonymous().GetAsync("/openapi/v1.json")).ShouldBeOk().Text);

    private async Task RecordAsync()
    {
        var written = Written();
        foreach (var each in answers.All.Where(each => (int)each.Answer.Status < 300 && !written.ContainsKey(each.Endpoint)))
        {
            written[each.Endpoint] = ExampleRecord.Of(each);
        }

        var sorted = new JsonObject(written.OrderBy(each => each.Key.Split(' ')[1] + each.Key, StringComparer.Ordinal)
            .Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone())));
        await File.WriteAllTextAsync(FilePath(), sorted.ToJsonString(Indented) + "\n", TestContext.Current.CancellationToken);
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);

    private static JsonObject Written() => JsonNode.Parse(File.ReadAllText(FilePath()))!.AsObject();

    private static string FilePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Frontdoor/OpenApi/examples.json"));
}
