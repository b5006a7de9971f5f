using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Rights;

namespace StellarPay.Frontdoor.Tests.Versions;

/// <summary>
/// What a version has answered once it answers for ever. The answers of every endpoint to whom it is for are in a file for each
/// version; run with STELLARPAY_RECORD=1 this writes what is not in it yet, and changes nothing that is.
/// </summary>
public sealed class RecordedAnswersTests(WholeHost host) : IClassFixture<WholeHost>
{
    private const string Version = "2026-11-27";

    // They answer about a deposit, an operation or a halt of which there is none in this small world, or refuse what was done for each
    // of its people before. What they answer otherwise is a payment, a wallet or a list that another endpoint answers, too.
    private static readonly string[] NothingThere =
    [
        "POST /v1/wallet/friendbot", "POST /v1/admin/network/resume",
        "POST /v1/payments/{id}/reclaim", "POST /v1/admin/suspense/{id}/assign", "POST /v1/admin/suspense/{id}/return",
        "POST /v1/admin/suspense/{id}/keep", "POST /v1/admin/parked-operations/{token}/retry",
        "POST /v1/admin/parked-operations/{token}/close",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task What_the_version_answered_it_answers_still()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(FilePath(), TestContext.Current.CancellationToken))!.AsObject();
        var answered = await AnswersAsync();

        if (Environment.GetEnvironmentVariable("STELLARPAY_RECORD") == "1")
        {
            var served = answered.Where(each => (int)each.Answer.Status < 300);
            foreach (var (endpoint, answer) in served.Where(each => !recorded.ContainsKey(each.Endpoint)))
            {
                recorded[endpoint] = WithoutTokens(answer);
            }

            var sorted = new JsonObject(recorded.OrderBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone())));
            await File.WriteAllTextAsync(FilePath(), sorted.ToJsonString(Indented) + "\n", TestContext.Current.CancellationToken);
        }

        recorded.Count.ShouldBeGreaterThan(30);
        var now = answered.ToDictionary(each => each.Endpoint, each => each.Answer.Body);
        var broken = recorded.SelectMany(each => now.TryGetValue(each.Key, out var body)
            ? AnswerShape.Broken(JsonSerializer.SerializeToElement(each.Value), body).Select(what => $"{each.Key}: {what}")
            : [$"{each.Key}: there was no answer to look at"]);
        broken.ShouldBeEmpty(
            $"Who has written for version {Version} depends on these. Leave its answers as they are, and add a version to ApiVersions.");
    }

    [Theory]
    [InlineData("""{"a":1,"b":[{"c":"x"}],"d":null}""", """{"a":2,"b":[{"c":"y","e":1},{"c":null}],"d":{"z":1},"f":true}""", "")]
    [InlineData("""{"a":1}""", """{}""", ".a is gone")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", ".a was a number and is a string")]
    [InlineData("""{"a":true}""", """{"a":false}""", "")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", ".a was a object and is a array")]
    [InlineData("""{"b":[{"c":"x"}]}""", """{"b":[{"c":"x"},{"d":"x"}]}""", ".b[].c is gone")]
    [InlineData("""{"b":[]}""", """{"b":[1]}""", "")]
    public void A_field_that_is_gone_or_another_breaks_an_answer_and_one_that_is_new_does_not(
        string recorded, string answered, string broken)
    {
        var (before, now) = (JsonDocument.Parse(recorded).RootElement, JsonDocument.Parse(answered).RootElement);

        string.Join(';', AnswerShape.Broken(before, now)).ShouldBe(broken);
    }

    // Each endpoint answers whom it is for.
    private async Task<List<(string Endpoint, Answer Answer)>> AnswersAsync()
    {
        var payee = await host.SignUpAsync();
        var subject = await host.SignUpAsync();
        var admin = await host.NewAdminAsync();
        var (reader, ruled) = (await NewPersonAsync(payee), await NewPersonAsync(payee));
        var answers = new List<(string, Answer)>();
        foreach (var endpoint in RightsPage.Rows().Select(row => row.Endpoint)
            .Where(endpoint => endpoint.Split(' ')[1].StartsWith("/v1/", StringComparison.Ordinal) && !NothingThere.Contains(endpoint)))
        {
            var isAdmins = endpoint.Contains(" /v1/admin/", StringComparison.Ordinal);
            var owner = isAdmins ? ruled : Decides(endpoint) ? await NewPersonAsync(payee) : reader;
            var call = new EndpointCall(owner, isAdmins ? ruled.Api : subject, await host.SignUpAsync(), host.Clock.GetUtcNow());
            var answer = await (isAdmins ? admin : owner.Api).SendAsync(await PreparedAsync(endpoint, owner, call));
            if (answer.ContentHeaders.ContentType?.MediaType == "application/json")
            {
                answers.Add((endpoint, answer));
            }
        }

        return answers;
    }

    // What can be done once with what somebody has, or ends his session, is done by somebody else each time.
    private static bool Decides(string endpoint) =>
        endpoint.StartsWith("POST /v1/payments/", StringComparison.Ordinal) || endpoint.StartsWith("POST /v1/schedules/", StringComparison.Ordinal)
        || endpoint.StartsWith("DELETE ", StringComparison.Ordinal) || endpoint is "POST /v1/auth/logout" or "POST /v1/wallet/rotate-key";

    private async Task<Person> NewPersonAsync(Api payee) => await Person.MakeAsync(host, await host.SignUpAsync(), payee);

    private static async Task<HttpRequestMessage> PreparedAsync(string endpoint, Person owner, EndpointCall call)
    {
        if (endpoint == "POST /v1/schedules/{id}/resume")
        {
            (await owner.Api.PostAsync($"/v1/schedules/{owner.Schedule}/pause")).ShouldBeOk();
        }

        return call.Of(endpoint);
    }

    // They are worth nothing any more, but look as if they were.
    private static JsonNode WithoutTokens(Answer answer)
    {
        var body = JsonNode.Parse(answer.Text)!;
        foreach (var name in new[] { "access_token", "refresh_token", "secret", "uri" })
        {
            if (body is JsonObject session && session.ContainsKey(name))
            {
                session[name] = "left out";
            }
        }

        return body;
    }

    private static string FilePath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, $"{Version}.json");
}
