using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Keys;
using StellarPay.Grains;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Keys;

public sealed class KeysCommandTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string First = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string Second = "a00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private IHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = NewHost(First);
        await _host.MigratePostgresAsync();
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_generated_key_is_stored_encrypted_and_listed_and_never_made_twice()
    {
        var made = await CommandAsync("generate", "sponsor_00");

        made.Code.ShouldBe(0);
        made.Output.ShouldMatch("^plt_sponsor_00 is G[A-Z2-7]{55}\\. The treasury sends it XLM\\.$");
        (await CommandAsync("generate", "plt_sponsor_00")).ShouldBe((1, "plt_sponsor_00 has a key already; it stays as it is."));
        (await CommandAsync("list")).Output.ShouldStartWith($"plt_sponsor_00 {made.Output.Split(' ', '.')[2]} local-");
        (await StoredAsync("plt_sponsor_00")).ShouldContain("ciphertext");
    }

    [Fact]
    public async Task An_imported_seed_is_that_of_its_address_and_is_nowhere_in_the_database()
    {
        using var key = SigningKey.Generate();
        var seed = SeedOf(key);

        (await CommandAsync(["import", "fees_03", "-"], Encoding.ASCII.GetBytes(seed + "\n"))).Output
            .ShouldBe($"plt_fees_03 is {key.AccountId}. The treasury sends it XLM.");

        (await StoredAsync("plt_fees_03")).ShouldNotContain(seed);
        (await ScalarAsync("SELECT string_agg(data::text || action || actor, '') FROM audit_log")).ShouldNotContain(seed);
    }

    [Fact]
    public async Task One_seed_under_two_names_is_refused()
    {
        using var key = SigningKey.Generate();
        var seed = Encoding.ASCII.GetBytes(SeedOf(key));
        await CommandAsync(["import", "fees_00", "-"], [.. seed]);

        (await CommandAsync(["import", "sponsor_00", "-"], [.. seed])).ShouldBe(
            (1, "This seed is that of plt_fees_00 already; plt_sponsor_00 needs one of its own."));
        (await CommandAsync(["import", "fees_00", "-"], [.. seed])).ShouldBe((1, "plt_fees_00 has a key already; it stays as it is."));

        (await CommandAsync("list")).Output.Split(Environment.NewLine).ShouldHaveSingleItem().ShouldStartWith("plt_fees_00 ");
    }

    [Theory]
    [InlineData("treasury", "plt_treasury", "treasury", "Send XLM to it: the platform's other accounts get theirs from it.")]
    [InlineData("plt_suspense", "plt_suspense", "suspense", "The treasury sends it XLM.")]
    [InlineData("notary", "plt_notary", "notary", "The treasury sends it XLM.")]
    public async Task The_treasury_and_the_suspense_account_get_their_keys_like_any_other(
        string name, string account, string stateName, string sentence)
    {
        var made = await CommandAsync("generate", name);

        made.Output.ShouldMatch($"^{account} is G[A-Z2-7]{{55}}\\. ");
        made.Output.ShouldEndWith(sentence);
        (await CommandAsync("generate", name)).Code.ShouldBe(1);
        (await CommandAsync("list")).Output.ShouldStartWith($"{account} {made.Output.Split(' ', '.')[2]} local-");
        (await ScalarAsync($"SELECT state_name FROM grain_state WHERE service_id = '{_service}'")).ShouldBe(stateName);
    }

    [Fact]
    public async Task What_is_no_seed_is_refused_without_being_repeated()
    {
        var wrong = "S" + new string('A', 55);

        var exception = await Should.ThrowAsync<FormatException>(CommandAsync(["import", "fees_00", "-"], Encoding.ASCII.GetBytes(wrong)));

        exception.ToString().ShouldNotContain(wrong);
        (await CommandAsync("list")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_is_no_platform_account_and_a_wrong_command_are_said_to_be_so()
    {
        foreach (var name in new[] { "treasure", "sponsor_100", "sponsor_-1", "wal_00", "sponsor_" })
        {
            (await CommandAsync("generate", name)).ShouldBe(
                (1, $"There is no platform account '{name}'; there are treasury, suspense, notary, sponsor_00 … and fees_00 …"));
        }

        (await CommandAsync("generate")).Code.ShouldBe(2);
        (await CommandAsync()).Output.ShouldStartWith("usage: stellarpay keys COMMAND");
    }

    [Fact]
    public async Task The_status_counts_what_each_key_wraps_and_a_rotation_can_be_asked_for()
    {
        await CommandAsync("generate", "sponsor_00");
        await CommandAsync("generate", "sponsor_01");
        _host.Dispose();
        _host = NewHost($"{Second},{First}");

        var status = (await CommandAsync("status")).Output.Split(Environment.NewLine);
        status.Length.ShouldBe(3);
        status.ShouldContain(line => line.EndsWith(" (current): 0 seeds", StringComparison.Ordinal));
        status.ShouldContain(line => line.EndsWith(": 2 seeds", StringComparison.Ordinal));
        status[2].ShouldBe("No rotation so far.");

        (await CommandAsync("rotate")).Code.ShouldBe(0);
        (await CommandAsync("status")).Output.ShouldEndWith("A rotation is under way: 0 data keys wrapped anew, 0 failed in this pass.");
    }

    private static string SeedOf(SigningKey key)
    {
        Span<byte> seed = stackalloc byte[32];
        key.CopySeedTo(seed);
        return StrKey.Encode(StrKeyKind.SecretSeed, seed);
    }

    private IHost NewHost(string walletKeys)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["STELLARPAY_POSTGRES"] = database.ConnectionString,
            ["STELLARPAY_SERVICE_ID"] = _service,
            ["STELLARPAY_ROLES"] = "silo",
            ["WALLET_ENCRYPTION_KEY"] = walletKeys,
        });
        builder.Logging.ClearProviders();
        builder.AddStellarPaySettings();
        builder.Services.AddStellarPayDatabase();
        builder.Services.AddKeyEncryptionKey(builder.ReadStellarPaySettings());
        builder.Services.AddStellarPayKeys();
        builder.Services.AddSingleton<KeysTools>();
        return builder.Build();
    }

    private Task<(int Code, string Output)> CommandAsync(params string[] command) => CommandAsync(command, []);

    private async Task<(int Code, string Output)> CommandAsync(string[] command, byte[] seed)
    {
        using var output = new StringWriter();
        var code = await KeysCommand.RunAsync(command, _host.Services.GetRequiredService<KeysTools>(), () => seed, output);
        return (code, output.ToString().Trim());
    }

    private Task<string> StoredAsync(string account) =>
        ScalarAsync($"SELECT payload::text FROM grain_state WHERE service_id = '{_service}' AND grain_key = '{account}'");

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = _host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    [Fact]
    public void A_database_that_was_never_migrated_is_said_to_be_so_and_one_that_is_away_to_be_away()
    {
        var older = new Npgsql.PostgresException(
            "function platform_accounts(text) does not exist", "ERROR", "ERROR", Npgsql.PostgresErrorCodes.UndefinedFunction);

        Silo.Hosting.StartFailures.SentenceOf(older, KeysCommand.SentenceOf)
            .ShouldBe("the database is not up to date; start StellarPay once.");
        Silo.Hosting.StartFailures.SentenceOf(new Npgsql.NpgsqlException("Connection refused"), KeysCommand.SentenceOf)
            .ShouldBe("PostgreSQL (STELLARPAY_POSTGRES) does not answer: Connection refused");
    }
}
