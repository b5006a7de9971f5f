using System.Text.Json;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>How balances are stored, and what of them wallets share in memory.</summary>
public sealed class BalancesConverterTests
{
    private const string Usdc = "USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    [Fact]
    public void What_is_read_again_is_what_was_stored()
    {
        var state = new WalletState();
        WalletBalances.Add(state, "native", 5);
        WalletBalances.Add(state, Usdc, 7);
        WalletBalances.Freeze(state, Usdc, 99);

        var read = Read(JsonSerializer.Serialize(state, StateJson.Options));

        read.Balances.Keys.ShouldBe(["native", Usdc]);
        read.Balances["native"].Stroops.ShouldBe(5);
        (read.Balances[Usdc].Stroops, read.Balances[Usdc].FrozenSince).ShouldBe((7, 99));
    }

    [Fact]
    public void All_wallets_share_the_names_of_their_assets()
    {
        var stored = "{\"balances\":{\"" + Usdc + "\":{\"stroops\":1}}}";

        var (one, other) = (Read(stored), Read(stored));

        one.Balances.Keys.Single().ShouldBeSameAs(other.Balances.Keys.Single());
    }

    [Theory]
    [InlineData("""{"balances":[]}""")]
    [InlineData("""{"balances":{"native":null}}""")]
    [InlineData("""{"balances":{"native":{"stroops":"1"}}}""")]
    public void What_is_no_balance_is_refused(string stored) => Should.Throw<JsonException>(() => Read(stored));

    private static WalletState Read(string stored) => JsonSerializer.Deserialize<WalletState>(stored, StateJson.Options)!;
}
