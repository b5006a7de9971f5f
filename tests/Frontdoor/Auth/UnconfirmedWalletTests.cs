using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Payments;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>What is left in the silo of people who have confirmed nothing; in a world whose clock they move.</summary>
[Collection<FactorHostCollection>]
public sealed class UnconfirmedWalletTests(FactorHost host)
{
    [Fact]
    public async Task Who_confirms_nothing_leaves_no_wallet_behind_and_others_keep_theirs()
    {
        var (left, frozen) = (await host.SignUpUnconfirmedAsync(), await host.SignUpUnconfirmedAsync());
        var confirmed = await host.SignUpAsync();
        await host.Messages.NextCodeAsync(left.Email);
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/wallets/{frozen.WalletId}/freeze", new { reason = "Asked by a test" })).ShouldBeOk();
        foreach (var each in new[] { left, frozen, confirmed })
        {
            (await RowsAsync(each)).ShouldBe((1, 1));
        }

        host.Clock.Advance(UnconfirmedUsers.KeptFor + TimeSpan.FromSeconds(1));
        var removal = host.Services.GetServices<IHostedService>().OfType<UnconfirmedUsers>().Single();
        await removal.RemoveAsync(TestContext.Current.CancellationToken);

        (await RowsAsync(left)).ShouldBe((0, 0));
        (await RowsAsync(frozen)).ShouldBe((1, 1));
        (await RowsAsync(confirmed)).ShouldBe((1, 1));
        // The same name begins anew.
        var again = await host.SignUpAsync(left.Email);
        again.WalletId.ShouldNotBe(left.WalletId);
        (await RowsAsync(again)).ShouldBe((1, 1));
    }

    private async Task<(long States, long Addresses)> RowsAsync(Api person)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT (SELECT count(*) FROM grain_state WHERE state_name = 'wallet' AND grain_key = $1 AND payload IS NOT NULL),
                   (SELECT count(*) FROM ledger_addresses WHERE owner_kind = 'wallet' AND owner_key = $1)
            """);
        command.Parameters.AddWithValue(person.WalletId);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        (await reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
