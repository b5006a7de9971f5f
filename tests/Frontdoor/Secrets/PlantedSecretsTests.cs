using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Stellar;
using StellarPay.Tests.Shared;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>That the search can fail: what is planted is found, wherever it is and whatever it looks like.</summary>
public sealed class PlantedSecretsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Password = "correct \"horse\" & battery";

    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task What_is_planted_in_a_column_is_found_as_text_as_bytes_and_inside_json()
    {
        using var rsa = RSA.Create(2048);
        await ExecuteAsync("CREATE SCHEMA planted; CREATE TABLE planted.\"Odd name\" (t text, \"Odd b\" bytea)");
        await ExecuteAsync("INSERT INTO planted.\"Odd name\" VALUES ($1, $2)", rsa.ExportPkcs8PrivateKeyPem(), (byte[])[1, .. Bytes, 2]);
        await ExecuteAsync("SELECT audit_append('a', 'b', 'c', 'd', jsonb_build_object('k', $1))", $"x{Convert.ToBase64String(Bytes)}");

        var columns = await DatabaseDump.ReadAsync(database.DataSource);
        var found = SecretScan.Find([Secret.OfSeed("seed", Bytes), .. KnownSecrets.OfSigningKey("k", rsa.ExportPkcs8PrivateKey())], columns);

        found.ShouldContain("seed (bytes of byte 0) in column planted.Odd name.Odd b");
        found.ShouldContain("seed (base64+0 of byte 0) in column public.audit_log.data");
        foreach (var number in new[] { "d", "p", "q" })
        {
            found.ShouldContain(line => line.StartsWith($"{number} of the signing key k (base64", StringComparison.Ordinal)
                && line.EndsWith(" in column planted.Odd name.t", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_planted_in_a_log_is_found_in_messages_exceptions_parameters_and_scopes()
    {
        using var log = new CapturedLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var logger = factory.CreateLogger("planted");
        var seed = StrKey.Encode(StrKeyKind.SecretSeed, Bytes);
        logger.Log(LogLevel.Information, default, seed, null, (state, _) => $"signed with {state}");
        logger.Log(LogLevel.Error, default, "failed", new IOException("outer", new IOException(seed)), (state, _) => state);
        logger.Log(LogLevel.Warning, default, new Dictionary<string, object?> { ["seed"] = seed }, null, (_, _) => "nothing to see");
        using (logger.BeginScope(new Dictionary<string, object?> { ["seed"] = seed }))
        {
            logger.Log(LogLevel.Information, default, "in a scope", null, (state, _) => state);
        }

        Place[] places = [.. log.Lines.Select((line, i) => Place.OfText($"line {i}", line.Everything))];

        SecretScan.Find([Secret.OfSeed("seed", Bytes)], places).ShouldBe([.. Enumerable.Range(0, 4).Select(i => $"seed (StrKey) in line {i}")]);
    }

    [Fact]
    public async Task A_token_may_be_in_the_answer_that_issues_it_and_nowhere_else()
    {
        var refresh = "rt_" + System.Buffers.Text.Base64Url.EncodeToString(Bytes);
        var session = $$"""{"access_token":"head.claims-4711.signature-4711","refresh_token":"{{refresh}}"}""";
        using var answers = new RecordedAnswers(() => new Uri("http://door"), new Echo(session, "signature-4711"));
        using var http = new HttpClient(answers);
        await http.PostAsync("http://any/v1/auth/login", null, TestContext.Current.CancellationToken);
        await http.GetAsync("http://any/v1/me", TestContext.Current.CancellationToken);

        var found = SecretScan.Find(answers.Tokens, answers.Places).Select(line => line[line.LastIndexOf(" in ", StringComparison.Ordinal)..]);

        found.Distinct().ShouldBe(
            [" in answer 2 to GET /v1/me: 200", " in answer 1 to POST /v1/auth/login: 200, headers", " in answer 2 to GET /v1/me: 200, headers"],
            ignoreOrder: true);
        answers.Tokens.ShouldAllBe(token => SecretScan.Find(new[] { token }, answers.Places).Length > 0);
    }

    [Fact]
    public void Every_form_of_every_kind_is_found_also_in_the_middle_of_something_longer()
    {
        Secret[] secrets = [Secret.OfBytes("a data key", Bytes), Secret.OfText("a password", Password)];
        var json = System.Text.Json.JsonSerializer.Serialize(new { Password, Bytes });
        Func<string, byte[]>[] wraps =
        [
            text => Encoding.UTF8.GetBytes($"before {text} after"),
            .. Enumerable.Range(0, 3).Select<int, Func<string, byte[]>>(
                i => text => Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', i) + text + "yy")))),
            text => Encoding.UTF8.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes($"x{text}"))),
        ];

        foreach (var wrap in wraps)
        {
            SecretScan.Find(secrets, [new Place("place", wrap(Password))]).ShouldNotBeEmpty();
        }

        foreach (var before in Enumerable.Range(0, 3))
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. Bytes, 7]);
            SecretScan.Find(secrets, [Place.OfText("place", whole)]).ShouldBe([$"a data key (base64+{before} of byte 0) in place"]);
        }

        SecretScan.Find(secrets, [Place.OfText("place", json)]).ShouldContain("a password (JSON) in place");
        SecretScan.Find(secrets, [Place.OfText("place", $"[{string.Join(',', Bytes)}]")]).ShouldHaveSingleItem();
        SecretScan.Find(secrets, [Place.OfText("place", "nothing"), new Place("empty", [])]).ShouldBeEmpty();
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    // Issues a session, and answers everything with its secrets in the header and the body.
    private sealed class Echo(string session, string header) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(session) };
            response.Headers.Add("X-Planted", header);
            return Task.FromResult(response);
        }
    }
}
