using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.OpenApi;

namespace StellarPay.Frontdoor.Tests.Versions;

/// <summary>
/// What a version has answered once it answers for ever. The answers of every endpoint to whom it is for are in a file for each
/// version; run with STELLARPAY_RECORD=1 this writes what is not in it yet, and changes nothing that is.
/// </summary>
[Collection<EndpointAnswersCollection>]
public sealed class RecordedAnswersTests(EndpointAnswers answers)
{
    private const string Version = "2026-11-27";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task What_the_version_answered_it_answers_still()
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(FilePath(), TestContext.Current.CancellationToken))!.AsObject();
        var answered = answers.All;

        if (Environment.GetEnvironmentVariable("STELLARPAY_RECORD") == "1")
        {
            var served = answered.Where(each => (int)each.Answer.Status < 300);
            foreach (var each in served.Where(each => !recorded.ContainsKey(each.Endpoint)))
            {
                recorded[each.Endpoint] = WithoutTokens(each.Answer);
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

    // They are worth nothing any more, but look as if they were.
    private static JsonNode WithoutTokens(Answer answer)
    {
        var body = JsonNode.Parse(answer.Text)!;
        foreach (var name in new[] { "access_token", "refresh_token", "secret", "uri", "key" })
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
