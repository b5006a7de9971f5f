using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Passkeys;

/// <summary>What is not a passkey's answer to what was asked of it lets nobody in.</summary>
public sealed class HostilePasskeyTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_good_once_and_of_many_at_once_one_opens_a_session()
    {
        var (_, authenticator) = await NewAsync();
        var answer = authenticator.Get(await host.Anonymous().AskForLoginAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Anonymous().EnterAsync(answer)));

        answers.Count(each => each.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(each => each.Status != HttpStatusCode.OK).ToList().ForEach(ShouldBeWrong);
        ShouldBeWrong(await host.Anonymous().EnterAsync(answer));
    }

    [Fact]
    public async Task A_challenge_is_good_for_five_minutes_and_for_what_it_was_given_for()
    {
        var (api, authenticator) = await NewAsync();
        var late = await host.Anonymous().AskForLoginAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        ShouldBeWrong(await host.Anonymous().EnterAsync(authenticator.Get(late)));

        ShouldBeWrong(await api.StepUpAsync(authenticator.Get(await host.Anonymous().AskForLoginAsync())));
        ShouldBeWrong(await host.Anonymous().EnterAsync(authenticator.Get(await api.AskForStepUpAsync())));
        using var made = new SoftwareAuthenticator();
        var login = await host.Anonymous().AskForLoginAsync();
        (await api.StepUpAsync(authenticator.Get(await api.AskForStepUpAsync()))).ShouldBeOk();
        var options = JsonNode.Parse((await api.AskForNewAsync()).GetRawText())!;
        options["challenge"] = login.GetProperty("challenge").GetString();
        ShouldBeWrong(await api.StoreAsync(made.Create(System.Text.Json.JsonSerializer.SerializeToElement(options))));
    }

    [Fact]
    public async Task A_challenge_that_was_never_given_is_none()
    {
        var (_, authenticator) = await NewAsync();
        var options = JsonNode.Parse((await host.Anonymous().AskForLoginAsync()).GetRawText())!;
        options["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        ShouldBeWrong(await host.Anonymous().EnterAsync(authenticator.Get(System.Text.Json.JsonSerializer.SerializeToElement(options))));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("key")]
    [InlineData("user handle")]
    [InlineData("verification")]
    public async Task A_wrong_page_key_or_user_and_an_authenticator_that_has_not_seen_its_user_let_nobody_in(string what)
    {
        var (_, authenticator) = await NewAsync();
        var (other, _) = await NewAsync();
        switch (what)
        {
            case "origin":
                authenticator.Origin = "https://app.example.evil.example";
                break;
            case "relying party":
                authenticator.RelyingParty = "evil.example";
                break;
            case "key":
                authenticator.ForgetKey();
                break;
            case "user handle":
                authenticator.UserHandle = Encoding.UTF8.GetBytes(other.UserId);
                break;
            default:
                authenticator.Verifies = false;
                break;
        }

        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(authenticator));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("verification")]
    public async Task None_is_made_by_a_wrong_page_or_without_its_user(string what)
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        authenticator.Origin = what == "origin" ? "http://app.example" : authenticator.Origin;
        authenticator.RelyingParty = what == "relying party" ? "example" : authenticator.RelyingParty;
        authenticator.Verifies = what != "verification";

        ShouldBeWrong(await api.AddPasskeyAsync(authenticator));

        (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("passkeys").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_count_that_goes_back_or_stands_still_is_a_copys()
    {
        var (_, authenticator) = await NewAsync();
        authenticator.Count = 9;
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
        authenticator.Count = 9;
        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(authenticator));
        authenticator.Count = 3;
        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(authenticator));
        authenticator.Counts = false;
        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(authenticator));

        (authenticator.Counts, authenticator.Count) = (true, 10);
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Fact]
    public async Task Two_signatures_with_one_count_over_two_challenges_at_once_let_one_in()
    {
        var (_, authenticator) = await NewAsync();
        var made = new List<JsonObject>();
        for (var i = 0; i < 8; i++)
        {
            authenticator.Count = 20;
            made.Add(authenticator.Get(await host.Anonymous().AskForLoginAsync()));
        }

        var answers = await Task.WhenAll(made.Select(each => host.Anonymous().EnterAsync(each)));

        answers.Count(each => each.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task One_that_counts_nothing_as_those_do_that_are_synchronised_is_good_each_time()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator { Counts = false };
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();

        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Fact]
    public async Task Another_users_passkey_steps_nobody_up_and_is_not_stored_twice()
    {
        var (api, _) = await NewAsync();
        var (_, others) = await NewAsync();
        ShouldBeWrong(await api.StepUpAsync(others.Get(await api.AskForStepUpAsync())));
        others.UserHandle = Encoding.UTF8.GetBytes(api.UserId);
        ShouldBeWrong(await api.StepUpAsync(others.Get(await api.AskForStepUpAsync())));

        var thief = await host.SignUpAsync();
        using var copy = new SoftwareAuthenticator { CredentialId = others.CredentialId };
        (await thief.AddPasskeyAsync(copy)).ShouldBeError(HttpStatusCode.Conflict, "passkey_taken", "credential");
        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(copy));
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_and_nothing_breaks()
    {
        var (api, authenticator) = await NewAsync();
        string[] bodies =
        [
            "{}", "{\"credential\":null}", "{\"credential\":{}}", "{\"credential\":[]}", "{\"credential\":\"x\"}",
            "{\"credential\":{\"response\":7}}", "{\"credential\":{\"response\":{\"clientDataJSON\":\"!!\"}}}",
            "{\"credential\":{\"response\":{\"clientDataJSON\":\"W10\"}}}",
        ];
        foreach (var body in bodies)
        {
            ((int)(await host.Anonymous().PostTextAsync("/v1/auth/passkey", body)).Status).ShouldBeInRange(400, 422, body);
            ((int)(await api.PostTextAsync("/v1/me/passkeys", body)).Status).ShouldBeInRange(400, 422, body);
        }

        // Each part of a right answer, cut off or changed, over a challenge of its own.
        foreach (var part in new[] { "authenticatorData", "signature", "userHandle", "clientDataJSON" })
        {
            foreach (var change in new Func<string, string>[] { text => text[..(text.Length / 2)], _ => "", _ => "AAAA", Flipped })
            {
                var answer = authenticator.Get(await host.Anonymous().AskForLoginAsync());
                answer["response"]![part] = change((string)answer["response"]![part]!);
                var refused = await host.Anonymous().EnterAsync(answer);
                ((int)refused.Status).ShouldBeInRange(400, 422, $"{part}: {refused.Text}");
            }
        }

        host.Log.Lines.ShouldNotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Theory]
    [InlineData(100, HttpStatusCode.Created)]
    [InlineData(4096, HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_written_beside_a_key_is_stored_up_to_a_measure(int bytes, HttpStatusCode status)
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator { Padding = bytes };

        (await api.AddPasskeyAsync(authenticator)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_made_passkey_that_is_cut_off_anywhere_is_refused()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        for (var kept = 0; kept < 200; kept += 23)
        {
            var made = authenticator.Create(await api.AskForNewAsync());
            var whole = System.Buffers.Text.Base64Url.DecodeFromChars((string)made["response"]!["attestationObject"]!);
            made["response"]!["attestationObject"] = System.Buffers.Text.Base64Url.EncodeToString(whole.AsSpan(0, Math.Min(kept, whole.Length - 1)));
            ShouldBeWrong(await api.StoreAsync(made));
        }

        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Fact]
    public async Task Neither_a_challenge_nor_a_name_is_in_the_database_in_clear()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator, "Ada's blue phone")).ShouldBeOk();
        var challenge = System.Buffers.Text.Base64Url.DecodeFromChars(
            (await api.AskForStepUpAsync()).GetProperty("challenge").GetString());

        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT count(*) FROM identity.passkeys k, identity.passkey_challenges c
            WHERE k.user_id = $1 AND c.user_id = $1 AND position('blue'::bytea IN k.name) = 0 AND c.challenge_hash <> $2
            """);
        command.Parameters.AddWithValue(api.UserId);
        command.Parameters.AddWithValue(challenge);
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(1L);
    }

    private static void ShouldBeWrong(Answer answer) =>
        answer.ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");

    private static string Flipped(string text) => (text[0] == 'A' ? 'B' : 'A') + text[1..];

    private async Task<(Api Api, SoftwareAuthenticator Authenticator)> NewAsync()
    {
        var api = await host.SignUpAsync();
        var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        return (api, authenticator);
    }
}
