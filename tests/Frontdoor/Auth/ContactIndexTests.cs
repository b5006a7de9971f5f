using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Keys;
using StellarPay.Frontdoor.Tests.Secrets;
using StellarPay.Grains.Keys.Subjects;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>By what names are found, over the life of the keys that keep it; in a database of its own.</summary>
public sealed class ContactIndexTests : IAsyncLifetime
{
    private static readonly Contact Ada = new(ContactKind.Email, "Ada@Example.com");

    private readonly FrontdoorHost _host = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Processes_that_start_at_once_have_one_key_and_it_is_in_no_column()
    {
        var processes = Enumerable.Range(0, 8).Select(_ => NewProcess()).ToArray();

        var found = await Task.WhenAll(processes.Select(process => IndexOf(process, Ada)));

        found.ShouldAllBe(index => index.SequenceEqual(found[0]));
        found[0].Length.ShouldBe(32);
        var stored = await ReadAsync("SELECT key FROM identity.contact_index");
        var key = await processes[0].GetRequiredService<ISubjectKeys>()
            .OpenAsync(new SubjectField("contact_index", "identity.contact_index", "key"), stored, Stop);
        HMACSHA256.HashData(key.ShouldNotBeNull(), "email\0ADA@EXAMPLE.COM"u8).ShouldBe(found[0]);
        SecretScan.Find([Secret.OfBytes("the key", key)], await DatabaseDump.ReadAsync(_host.Database.DataSource)).ShouldBeEmpty();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_case_of_an_address_does_not_matter_and_no_two_kinds_are_one()
    {
        await using var process = NewProcess();
        var index = await IndexOf(process, Ada);

        (await IndexOf(process, Ada with { Name = "aDA@eXAMPLE.COM" })).ShouldBe(index);
        (await IndexOf(process, Ada with { Name = "adb@example.com" })).ShouldNotBe(index);
        (await IndexOf(process, new Contact(ContactKind.Phone, Ada.Key))).ShouldNotBe(index);
    }

    [Fact]
    public async Task It_stays_when_the_keys_that_wrap_are_exchanged()
    {
        var (first, second) = (NewKey(), NewKey());
        await using var derived = NewProcess();
        var index = await IndexOf(derived, Ada);

        await using (var one = NewProcess(first))
        {
            await SubjectKeyRotation.RunAsync(one);
            (await IndexOf(one, Ada)).ShouldBe(index);
        }

        await using (var other = NewProcess($"{second},{first}"))
        {
            await SubjectKeyRotation.RunAsync(other);
        }

        await using var after = NewProcess(second, TokenSecret.DeriveKey(RandomNumberGenerator.GetBytes(32), "another token secret"u8));
        (await IndexOf(after, Ada)).ShouldBe(index);
        // Without a key that opens it there is no other in its place: nobody would be found, and nobody could tell.
        await using var without = NewProcess(first);
        await Should.ThrowAsync<CryptographicException>(() => IndexOf(without, Ada));
    }

    [Fact]
    public async Task Nothing_is_unwrapped_for_whoever_only_looks_for_somebody_or_gives_a_wrong_password()
    {
        var (payer, someone) = (await _host.SignUpAsync(), await _host.SignUpAsync());
        // A process that has no key of his at hand.
        await using var other = await _host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(other.Urls.Single()) };
        var (stranger, calls) = (new Api(http, _host.Messages), new Api(http, _host.Messages) { AccessToken = payer.AccessToken });
        var before = await _host.AuditOf(someone.UserId);

        (await stranger.PostAsync("/v1/auth/login", new { email = someone.Email, password = "wrong horse battery" }))
            .Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await calls.GetAsync($"/v1/recipients/lookup?recipient={someone.Email}")).Status.ShouldNotBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/v1/auth/password-reset", new { email = someone.Email })).ShouldBeOk();
        (await stranger.PostAsync("/v1/auth/refresh", new { refresh_token = someone.RefreshToken })).ShouldBeOk();
        (await _host.AuditOf(someone.UserId)).ShouldBe(before);

        (await stranger.PostAsync("/v1/auth/login", new { email = someone.Email, password = Api.Password })).ShouldBeOk();
        (await _host.AuditOf(someone.UserId)).Except(before).ShouldHaveSingleItem().ShouldContain("field.open identity.names.email");
    }

    private static async Task<byte[]> IndexOf(ServiceProvider process, Contact contact) => await new ContactIndex(
        process.GetRequiredService<ISubjectKeys>(), process.GetRequiredService<NpgsqlDataSource>()).OfAsync(contact, Stop);

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private async Task<byte[]> ReadAsync(string sql)
    {
        await using var command = _host.Database.DataSource.CreateCommand(sql);
        return (byte[])(await command.ExecuteScalarAsync(Stop))!;
    }

    private ServiceProvider NewProcess(string dataKeys = "", byte[]? standIn = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddOptions<StellarPaySettings>().Configure(settings =>
        {
            settings.Postgres = _host.Database.ConnectionString;
            settings.ServiceId = "stellarpay";
            settings.DataEncryptionKey = dataKeys;
        });
        services.AddStellarPayDatabase();
        services.AddSubjectKeys(_ => standIn ?? TokenSecret.DeriveKey(
            Convert.FromHexString(FrontdoorHost.TokenKey), "stellarpay/subject keys/v1"u8));
        return services.BuildServiceProvider();
    }
}
