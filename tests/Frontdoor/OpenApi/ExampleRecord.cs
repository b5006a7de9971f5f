using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>Makes an example of what was asked and answered: with names that people read, and without what opens anything.</summary>
internal static partial class ExampleRecord
{
    private static readonly string[] Names = ["ada@example.com", "bob@example.com", "eve@example.com", "dan@example.com"];

    private static readonly Dictionary<string, string> Secrets = new(StringComparer.Ordinal)
    {
        ["access_token"] = "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9…",
        ["refresh_token"] = "rt_…",
        ["challenge"] = "lc_…",
        ["password"] = "a long sentence of mine",
        ["key"] = "rk_test_…",
        ["signing_secret"] = "rqsec_…",
        ["secret"] = "JBSWY3DPEHPK3PXP…",
        ["Stripe-Signature"] = "t=1795874936,v1=…",
        ["webhook-signature"] = "v1,…",
        ["uri"] = "otpauth://totp/StellarPay:ada%40example.com?secret=JBSWY3DPEHPK3PXP…",
    };

    public static JsonObject Of(EndpointAnswer each)
    {
        var people = new Dictionary<string, string>(StringComparer.Ordinal);
        var example = new JsonObject();
        if (Parameters(each) is { Count: > 0 } parameters)
        {
            example["parameters"] = Readable(parameters, people);
        }

        if (each.Request is not null)
        {
            example["request"] = Readable(each.Request, people);
        }

        example["status"] = (int)each.Answer.Status;
        example["response"] = Readable(JsonNode.Parse(each.Answer.Text)!, people);
        return example;
    }

    // What stands in the path and the query, by the names that the pattern gives it.
    private static JsonObject Parameters(EndpointAnswer each)
    {
        var (path, query) = each.Target.Split('?') is [var first, var second] ? (first, second) : (each.Target, "");
        var named = each.Endpoint.Split(' ')[1].Split('/').Zip(path.Split('/'))
            .Where(pair => pair.First.StartsWith('{'))
            .Select(pair => (Name: pair.First.Trim('{', '}'), Value: pair.Second))
            .Concat(query.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('=')).Select(part => (Name: part[0], Value: part[1])));
        return new JsonObject(named.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)Uri.UnescapeDataString(one.Value))));
    }

    private static JsonNode? Readable(JsonNode? node, Dictionary<string, string> people, string name = "") => node switch
    {
        JsonObject one => new JsonObject(one.Select(each => KeyValuePair.Create(each.Key, Readable(each.Value, people, each.Key)))),
        JsonArray list => new JsonArray([.. list.Select(each => Readable(each, people, name))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Secrets.TryGetValue(name, out var shown)
            ? shown
            : Address().Replace(text, match => NameOf(match.Value, people)).Replace("Asked by a test", "Asked for by the user", StringComparison.Ordinal),
        _ => node?.DeepClone(),
    };

    private static string NameOf(string address, Dictionary<string, string> people)
    {
        if (!people.TryGetValue(address, out var name))
        {
            people[address] = name = Names[people.Count % Names.Length];
        }

        return name;
    }

    [GeneratedRegex("someone-[0-9a-f]{32}@example\\.com")]
    private static partial Regex Address();
}
