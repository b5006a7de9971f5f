using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Tests.Keys;

public sealed class SubjectKeysTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    // As the host's own.
    private static readonly byte[] StandIn = TokenSecret.DeriveKey(
        Convert.FromHexString(FrontdoorHost.TokenKey), "stellarpay/subject keys/v1"u8);

    private readonly string _subject = $"usr_{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SubjectField Field => new(_subject, "identity.totp", "secret");

    private ISubjectKeys Keys => host.Services.GetRequiredService<ISubjectKeys>();

    [Fact]
    public async Task A_field_opens_where_it_was_sealed_and_is_never_sealed_twice_alike()
    {
        var first = await SealAsync(Keys, Field, "a secret");
        var second = await SealAsync(Keys, Field, "a secret");

        first.ShouldNotBe(second);
        Encoding.UTF8.GetString(first).ShouldNotContain("secret");
        (await OpenAsync(Keys, Field, first)).ShouldBe("a secret");
        (await OpenAsync(Keys, Field, second)).ShouldBe("a secret");
        (await OpenAsync(Keys, Field, await SealAsync(Keys, Field, ""))).ShouldBe("");
    }

    [Fact]
    public async Task A_field_that_was_moved_or_changed_does_not_open()
    {
        var other = new SubjectField($"usr_{Guid.NewGuid():N}", Field.Table, Field.Column);
        await SealAsync(Keys, other, "another's");
        var secret = await SealAsync(Keys, Field, "a secret");
        var changed = (byte[])secret.Clone();
        changed[^20] ^= 1;
        var otherForm = (byte[])secret.Clone();
        otherForm[0]++;

        SubjectField[] elsewhere =
        [
            other, Field with { Table = "identity.profiles" }, Field with { Column = "name" }, Field with { Row = "2" },
            // The parts are told apart: moved from one name to the next they are another place.
            Field with { Table = "identity.totps", Column = "ecret" },
        ];
        foreach (var place in elsewhere)
        {
            await Should.ThrowAsync<CryptographicException>(() => Keys.OpenAsync(place, secret, Stop), place.ToString());
        }

        foreach (var bytes in new[] { changed, otherForm, secret[..^1], [], secret[..28] })
        {
            await Should.ThrowAsync<CryptographicException>(() => Keys.OpenAsync(Field, bytes, Stop));
        }
    }

    [Fact]
    public async Task The_first_fields_that_are_sealed_at_once_have_one_key()
    {
        using var another = NewProcess();
        var processes = new[] { Keys, another.GetRequiredService<ISubjectKeys>() };

        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SealAsync(processes[i % 2], Field, $"{i}")));

        for (var i = 0; i < all.Length; i++)
        {
            (await OpenAsync(processes[(i + 1) % 2], Field, all[i])).ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task Of_whoever_was_erased_nothing_opens_in_any_process_and_nothing_is_sealed_again()
    {
        using var another = NewProcess();
        var there = another.GetRequiredService<ISubjectKeys>();
        var secret = await SealAsync(Keys, Field, "a secret");
        (await OpenAsync(there, Field, secret)).ShouldBe("a secret");

        await Keys.EraseAsync("usr_admin", _subject, Stop);
        await Keys.EraseAsync("usr_admin", _subject, Stop);

        foreach (var process in new[] { Keys, there })
        {
            (await process.OpenAsync(Field, secret, Stop)).ShouldBeNull();
            await Should.ThrowAsync<SubjectErasedException>(() => SealAsync(process, Field, "another"));
        }

        (await host.AuditOf(_subject)).Last().ShouldStartWith("usr_admin subject.erase");
        await ShouldStoreNoKeyAsync();
    }

    [Fact]
    public async Task Who_was_erased_before_anything_was_sealed_gets_no_key_either()
    {
        await Keys.EraseAsync("usr_admin", _subject, Stop);

        await Should.ThrowAsync<SubjectErasedException>(() => SealAsync(Keys, Field, "a secret"));
        await ShouldStoreNoKeyAsync();
    }

    [Fact]
    public async Task Each_unwrapping_is_in_the_audit_log_and_says_for_which_field()
    {
        var secret = await SealAsync(Keys, Field, "a secret");
        using var another = NewProcess();

        await OpenAsync(another.GetRequiredService<ISubjectKeys>(), Field, secret);

        (await host.AuditOf(_subject)).ShouldHaveSingleItem().ShouldContain("field.open identity.totp.secret");
    }

    [Fact]
    public async Task What_is_only_personal_is_in_the_audit_log_once_a_day_for_a_column_however_often_its_key_is_unwrapped()
    {
        // The bug kept away: an entry for each unwrapping, of which whoever made up accounts wrote millions that nobody can remove.
        var name = new SubjectField(_subject, "identity.names", "email", IsPersonal: true);
        var secret = await SealAsync(Keys, name, "a name");
        var (phone, totp) = (name with { Column = "phone" }, Field);
        var (secondSecret, thirdSecret) = (await SealAsync(Keys, phone, "a number"), await SealAsync(Keys, totp, "a secret"));
        for (var i = 0; i < 3; i++)
        {
            foreach (var (field, sealedField) in new[] { (name, secret), (phone, secondSecret), (totp, thirdSecret) })
            {
                using var another = NewProcess();
                await OpenAsync(another.GetRequiredService<ISubjectKeys>(), field, sealedField);
            }
        }

        var noted = await host.AuditOf(_subject);
        noted.Count(line => line.Contains("field.open identity.names.email", StringComparison.Ordinal)).ShouldBe(1);
        noted.Count(line => line.Contains("field.open identity.names.phone", StringComparison.Ordinal)).ShouldBe(1);
        noted.Count(line => line.Contains("field.open identity.totp.secret", StringComparison.Ordinal)).ShouldBe(3);
        noted.Count(line => line.Contains("first of the day", StringComparison.Ordinal)).ShouldBe(2);

        // On the next day it is noted again, and what was noted before is forgotten.
        await using (var yesterday = host.Database.DataSource.CreateCommand("UPDATE audit_days SET day = day - 1 WHERE subject = $1"))
        {
            yesterday.Parameters.AddWithValue(_subject);
            await yesterday.ExecuteNonQueryAsync(Stop);
        }

        using var later = NewProcess();
        await OpenAsync(later.GetRequiredService<ISubjectKeys>(), name, secret);
        (await host.AuditOf(_subject)).Length.ShouldBe(noted.Length + 1);
        await using var left = host.Database.DataSource.CreateCommand("SELECT count(*) FROM audit_days WHERE day < (now() AT TIME ZONE 'UTC')::date");
        (await left.ExecuteScalarAsync(Stop)).ShouldBe(0L);
    }

    [Fact]
    public async Task Accounts_that_have_confirmed_nothing_push_nobody_elses_key_out_of_memory()
    {
        const int Size = 16;
        var (owner, strangers) = (await host.SignUpAsync(), new List<(SubjectField Field, byte[] Secret)>());
        SubjectField FieldOf(string user) => new(user, "identity.totp", "secret");
        var secret = await SealAsync(Keys, FieldOf(owner.UserId), "a secret");
        for (var i = 0; i < 2 * Size; i++)
        {
            var field = FieldOf((await host.SignUpUnconfirmedAsync()).UserId);
            strangers.Add((field, await SealAsync(Keys, field, "another")));
        }

        using var process = NewProcess(cacheSize: Size);
        var keys = process.GetRequiredService<ISubjectKeys>();
        async Task<int> OpenedAsync(SubjectField field) => (await host.AuditOf(field.Subject))
            .Count(line => line.Contains("field.open identity.totp.secret", StringComparison.Ordinal));
        for (var round = 0; round < 2; round++)
        {
            await OpenAsync(keys, FieldOf(owner.UserId), secret);
            foreach (var (field, sealedField) in strangers)
            {
                await OpenAsync(keys, field, sealedField);
            }
        }

        (await OpenedAsync(FieldOf(owner.UserId))).ShouldBe(1);
        (await OpenedAsync(strangers[0].Field)).ShouldBe(2, "of them there are more than there is room for");
    }

    [Fact]
    public async Task A_new_key_wraps_what_the_ones_before_wrapped_as_soon_as_a_front_door_has_it()
    {
        var (oldKey, newKey) = (NewKey(), NewKey());
        using var before = NewProcess(oldKey);
        var secret = await SealAsync(before.GetRequiredService<ISubjectKeys>(), Field, "a secret");

        using var during = NewProcess($"{newKey},{oldKey}");
        await SubjectKeyRotation.RunAsync(during);

        using var after = NewProcess(newKey);
        (await OpenAsync(after.GetRequiredService<ISubjectKeys>(), Field, secret)).ShouldBe("a secret");
        using var without = NewProcess(oldKey);
        await Should.ThrowAsync<CryptographicException>(() => OpenAsync(without.GetRequiredService<ISubjectKeys>(), Field, secret));
    }

    [Fact]
    public async Task What_the_derived_key_wrapped_opens_after_a_key_is_set()
    {
        using var before = NewProcess();
        var secret = await SealAsync(before.GetRequiredService<ISubjectKeys>(), Field, "a secret");

        using var after = NewProcess(NewKey());

        (await OpenAsync(after.GetRequiredService<ISubjectKeys>(), Field, secret)).ShouldBe("a secret");
    }

    [Fact]
    public async Task A_key_that_is_missing_holds_up_no_other()
    {
        var (lost, oldKey, newKey) = (NewKey(), NewKey(), NewKey());
        // Its subject comes first.
        var gone = Field with { Subject = $"usr_0{Guid.NewGuid():N}" };
        using var losing = NewProcess(lost);
        await SealAsync(losing.GetRequiredService<ISubjectKeys>(), gone, "lost");
        using var before = NewProcess(oldKey);
        var secret = await SealAsync(before.GetRequiredService<ISubjectKeys>(), Field, "a secret");

        using var during = NewProcess($"{newKey},{oldKey}");
        (await SubjectKeyRotation.RunAsync(during)).ShouldBeGreaterThanOrEqualTo(1);
        using var after = NewProcess(newKey);
        (await OpenAsync(after.GetRequiredService<ISubjectKeys>(), Field, secret)).ShouldBe("a secret");
    }

    private static async Task<byte[]> SealAsync(ISubjectKeys keys, SubjectField field, string text) =>
        await keys.SealAsync(field, Encoding.UTF8.GetBytes(text), Stop);

    private static async Task<string> OpenAsync(ISubjectKeys keys, SubjectField field, byte[] secret) =>
        Encoding.UTF8.GetString((await keys.OpenAsync(field, secret, Stop)).ShouldNotBeNull());

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private async Task ShouldStoreNoKeyAsync()
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM subject_keys WHERE subject = $1 AND erased_at IS NOT NULL AND wrapped_key IS NULL");
        command.Parameters.AddWithValue(_subject);
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(1L);
    }

    // Another process on the same database, with what it needs for this and its own memory.
    private ServiceProvider NewProcess(string dataKeys = "", int? cacheSize = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddOptions<StellarPaySettings>().Configure(settings =>
        {
            settings.Postgres = host.Database.ConnectionString;
            settings.ServiceId = "stellarpay";
            settings.DataEncryptionKey = dataKeys;
        });
        services.AddStellarPayDatabase();
        services.AddSubjectKeys(_ => StandIn);
        if (cacheSize is { } size)
        {
            services.Configure<KeyOptions>(keys => keys.DataKeyCacheSize = size);
        }

        return services.BuildServiceProvider();
    }
}
